import type { Catalogue } from '@turno/shared';
import { putInForce, readCatalogue } from './catalogue-file.ts';
import { withDatabase } from './database.ts';

export async function validateCatalogue(file: string): Promise<void> {
  console.log(`${file} is a good catalogue: ${summary(await readCatalogue(file))}.`);
}

export async function importCatalogue(file: string): Promise<void> {
  const content = await readCatalogue(file);
  const version = await withDatabase('TICKETING_MONGO_URL', (connection) => putInForce(content, connection));
  console.log(`Catalogue ${version} is in force: ${summary(content)}.`);
}

function summary({ branches, services, promotions, known_customers: customers }: Catalogue): string {
  const counts = [
    counted(branches.length, 'branch', 'branches'),
    counted(services.length, 'service', 'services'),
    counted(promotions.length, 'promotion', 'promotions'),
    counted(customers.length, 'customer', 'customers'),
  ];
  return counts.join(', ');
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
