import { createHash } from 'node:crypto';
import type { Connection } from '@turno/mongo';
import { ContractViolation, systemClock, type Catalogue, type KnownCustomer } from '@turno/shared';
import {
  CatalogueRepository,
  catalogueModel,
  CustomerRepository,
  customerModel,
  type PutOutcome,
} from '@turno/ticketing';
import { changesBetween, type Change } from './catalogue-diff.ts';

/** So many customers go to the database at once. */
const batchSize = 1_000;

/** What an import would do. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly customers: Omit<PutOutcome, 'refused'>;
  /** The stored catalogue cannot be read by this version of Turno, so that there is nothing to compare with. */
  readonly isUnreadable: boolean;
}

/** Called with how many customers are done. */
export type CustomersDone = (done: number) => void;

/** The catalogue that is in force, undefined before the first import. */
export async function catalogueInForce(connection: Connection): Promise<Catalogue | undefined> {
  return (await new CatalogueRepository(catalogueModel(connection)).load())?.content;
}

/** Compares a catalogue and its customers with what is in force; writes nothing. */
export async function planImport(content: Catalogue, connection: Connection, done?: CustomersDone): Promise<Plan> {
  const [before, isUnreadable] = await readableCatalogue(connection);
  const repository = new CustomerRepository(customerModel(connection));
  const customers = { added: 0, changed: 0, unchanged: 0 };
  await inBatches(
    content.known_customers,
    async (batch) => {
      const { added, changed, unchanged } = await repository.preview(batch);
      customers.added += added;
      customers.changed += changed;
      customers.unchanged += unchanged;
    },
    done,
  );
  return { changes: changesBetween(before, content), customers, isUnreadable };
}

/**
 * Replaces the catalogue in ticketing's database, and adds the customers of the file; gives back its version.
 *
 * @throws naming the customers whose identity document somebody else has; the catalogue stays as it was then
 */
export async function putInForce(content: Catalogue, connection: Connection, done?: CustomersDone): Promise<string> {
  const { known_customers: customers, ...network } = content;
  const version = createHash('sha256').update(JSON.stringify(network)).digest('hex').slice(0, 12);
  const repository = new CustomerRepository(customerModel(connection));
  const refused: string[] = [];
  // Customers first: once the branches are there, a ticket may name any of them.
  await inBatches(
    customers,
    async (batch) => {
      const outcome = await repository.put(batch);
      refused.push(...outcome.refused.map((position) => batch[position]!.id));
    },
    done,
  );
  if (refused.length > 0) {
    throw new Error(
      `another customer has the identity document of ${refused.join(', ')}; the rest of the customers went in, the catalogue did not`,
    );
  }
  const stored = { ...network, known_customers: [] };
  await new CatalogueRepository(catalogueModel(connection)).replace(stored, version, systemClock());
  return version;
}

async function readableCatalogue(connection: Connection): Promise<[Catalogue | undefined, boolean]> {
  try {
    return [await catalogueInForce(connection), false];
  } catch (error) {
    if (error instanceof ContractViolation) return [undefined, true];
    throw error;
  }
}

async function inBatches(
  customers: readonly KnownCustomer[],
  work: (batch: readonly KnownCustomer[]) => Promise<void>,
  done: CustomersDone = () => undefined,
): Promise<void> {
  for (let start = 0; start < customers.length; start += batchSize) {
    await work(customers.slice(start, start + batchSize));
    done(Math.min(start + batchSize, customers.length));
  }
}
