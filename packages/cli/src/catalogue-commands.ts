import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { catalogue, type Catalogue } from '@turno/shared';
import { CatalogueRepository, catalogueModel, CustomerRepository, customerModel } from '@turno/ticketing';
import { parse } from 'yaml';
import { withDatabase } from './database.ts';

export async function validateCatalogue(file: string): Promise<void> {
  console.log(`${file} is a good catalogue: ${summary(await readCatalogue(file))}.`);
}

export async function importCatalogue(file: string): Promise<void> {
  const content = await readCatalogue(file);
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  const { known_customers: customers, ...network } = content;
  await withDatabase('TICKETING_MONGO_URL', async (connection) => {
    // Customers first: once the branches are there, a ticket may name any of them.
    await new CustomerRepository(customerModel(connection)).put(customers);
    await new CatalogueRepository(catalogueModel(connection)).replace({ ...network, known_customers: [] }, version);
  });
  console.log(`Catalogue ${version} is in force: ${summary(content)}.`);
}

/** @throws Error with a line per mistake, each with its path */
async function readCatalogue(file: string): Promise<Catalogue> {
  const result = catalogue.safeParse(parse(await readFile(file, 'utf8')));
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.') || '(whole file)'}: ${message}`);
  throw new Error(`${file} is not a good catalogue:\n${lines.join('\n')}`);
}

function summary({ branches, services, promotions, known_customers: customers }: Catalogue): string {
  const counts = [
    `${branches.length} branches`,
    `${services.length} services`,
    `${promotions.length} promotions`,
    `${customers.length} customers`,
  ];
  return counts.join(', ');
}
