import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Connection } from '@turno/mongo';
import { catalogue, type Catalogue } from '@turno/shared';
import { CatalogueRepository, catalogueModel, CustomerRepository, customerModel } from '@turno/ticketing';
import { parse } from 'yaml';

/**
 * Reads a catalogue from a YAML or JSON file.
 *
 * @throws Error with a line per mistake, each with its path
 */
export async function readCatalogue(file: string): Promise<Catalogue> {
  const result = catalogue.safeParse(parse(await readFile(file, 'utf8')));
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join('.') || '(whole file)'}: ${message}`);
  throw new Error(`${file} is not a good catalogue:\n${lines.join('\n')}`);
}

/** Replaces the catalogue in ticketing's database, and adds the customers of the file; gives back its version. */
export async function putInForce(content: Catalogue, connection: Connection): Promise<string> {
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  const { known_customers: customers, ...network } = content;
  // Customers first: once the branches are there, a ticket may name any of them.
  await new CustomerRepository(customerModel(connection)).put(customers);
  await new CatalogueRepository(catalogueModel(connection)).replace({ ...network, known_customers: [] }, version);
  return version;
}
