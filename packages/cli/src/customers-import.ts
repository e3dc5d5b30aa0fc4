import {
  takenDocument,
  type CustomerImport,
  type CustomerImportRepository,
  type CustomerRepository,
  type RejectedRow,
} from '@turno/ticketing';
import type { Row } from './customers-file.ts';

/** Rows that are read, and go to the database, together. */
export interface Batch {
  readonly rows: readonly Row[];
  /** The last line of the batch. */
  readonly line: number;
  /** How much of the file is read with it, from 0 to 1. */
  readonly share: number;
}

export interface CustomersImport {
  readonly file: string;
  /** Of the file's content. */
  readonly digest: string;
  /** As far as an earlier import has come. */
  readonly from: CustomerImport;
  readonly batches: AsyncIterable<Batch>;
  readonly customers: CustomerRepository;
  readonly imports: CustomerImportRepository;
  readonly signal: AbortSignal;
  readonly report: (reached: CustomerImport, share: number) => void;
}

/**
 * Puts the customers of a file into the directory, in the file's order, so that of two rows with one id the last wins. One
 * batch is written while the next is read; more at once would leave it to chance who gets an identity document first. How
 * far it is, is kept after each batch.
 *
 * @returns how far it came: to the end, unless the signal stopped it
 */
export async function importCustomers(work: CustomersImport): Promise<CustomerImport> {
  let reached = work.from;
  let writing: Promise<CustomerImport> = Promise.resolve(reached);
  for await (const batch of work.batches) {
    reached = await writing;
    if (work.signal.aborted) return reached;
    if (batch.line <= work.from.line) continue;
    writing = writeBatch(batch, reached, work);
    // Whoever awaits it next gets the error; until then nobody does, which is no defect.
    writing.catch(() => undefined);
  }
  return writing;
}

async function writeBatch(batch: Batch, before: CustomerImport, work: CustomersImport): Promise<CustomerImport> {
  const good = batch.rows.filter((row) => 'customer' in row);
  const outcome = await work.customers.put(good.map(({ customer }) => customer));
  const rejects: RejectedRow[] = [
    ...batch.rows.filter((row) => 'reason' in row),
    ...outcome.refused
      .map((position) => good[position]!)
      .map(({ line, customer }) => ({ line, reason: takenDocument(customer.id_type!, customer.id_number!) })),
  ];
  const reached = {
    line: batch.line,
    added: before.added + outcome.added,
    changed: before.changed + outcome.changed,
    unchanged: before.unchanged + outcome.unchanged,
    rejected: before.rejected + rejects.length,
  };
  await work.imports.save(work, reached, rejects);
  work.report(reached, batch.share);
  return reached;
}
