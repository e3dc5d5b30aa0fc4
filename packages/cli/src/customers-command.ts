import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CustomerImportRepository,
  CustomerRepository,
  customerModel,
  type CustomerImport,
  type RejectedRow,
} from '@turno/ticketing';
import { batchesOf, digestOf } from './customers-batches.ts';
import { importCustomers } from './customers-import.ts';
import { withDatabase } from './database.ts';
import { openInputFile } from './input-file.ts';
import { Progress } from './progress.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface CustomersOptions {
  /** Begin anew, whatever an interrupted import of this file has done. */
  readonly restart?: boolean;
  /** A CSV file for the rows that do not go in; without it they are written to standard error. */
  readonly rejects?: string;
  /** The summary as JSON. */
  readonly json?: boolean;
}

const nothingYet: CustomerImport = { line: 0, added: 0, changed: 0, unchanged: 0, rejected: 0 };

/**
 * Adds the customers of a CSV file to the directory, and overwrites those whose id is known. An interrupted import goes on
 * where it was when it is given again.
 *
 * @param signal stops it in order: the batch that is being written is finished
 * @returns the exit code: 0 when every row went in, 1 when some were rejected, 130 when it was interrupted
 * @throws when the file cannot be read, its header is wrong, or the database does not answer
 */
export async function importCustomersFile(
  file: string,
  options: CustomersOptions,
  signal: AbortSignal,
  terminal: Terminal = processTerminal,
): Promise<number> {
  const { handle, size } = await openInputFile(file);
  try {
    return await withDatabase('TICKETING_MONGO_URL', async (connection) => {
      const imports = new CustomerImportRepository(connection);
      const customers = new CustomerRepository(customerModel(connection));
      return runImport({ file, handle, size, imports, customers, signal, terminal, ...options });
    });
  } finally {
    await handle.close();
  }
}

interface Run extends CustomersOptions {
  readonly file: string;
  readonly handle: FileHandle;
  readonly size: number;
  readonly imports: CustomerImportRepository;
  readonly customers: CustomerRepository;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

async function runImport(run: Run): Promise<number> {
  const { file, handle, size, imports, terminal, signal } = run;
  const digest = await digestOf(handle);
  if (run.restart) await imports.forget(digest);
  const from = (await imports.resume(digest)) ?? nothingYet;
  if (from.line > 0)
    terminal.note(`An earlier import of this file was interrupted; it goes on after line ${from.line}.`);
  const progress = new Progress(terminal, 'customers');
  let last = from;
  const report = (reached: CustomerImport, share: number): void => {
    last = reached;
    progress.report({ count: total(reached), share });
  };
  try {
    const batches = batchesOf(file, handle, size, from.line);
    const reached = await importCustomers({ ...run, digest, from, batches, report });
    progress.end();
    if (signal.aborted) return interrupted(reached, run);
    await reportRejects(imports.rejects(digest), run);
    await imports.forget(digest);
    terminal.say(run.json ? jsonSummary(reached, run) : summary(reached, run));
    return reached.rejected > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    if (last.line > 0) terminal.note(`It stopped after line ${last.line}. The same command goes on from there.`);
    throw error;
  }
}

function interrupted({ line }: CustomerImport, { terminal }: Run): number {
  terminal.note(`Interrupted after line ${line}. The same command goes on from there; --restart begins anew.`);
  return 130;
}

/** Lines in the file's order, all at the end: so they are complete also when the import was interrupted. */
async function reportRejects(
  rejects: AsyncIterable<RejectedRow>,
  { file, rejects: target, terminal }: Run,
): Promise<void> {
  if (target !== undefined) return pipeline(Readable.from(csvOf(rejects)), createWriteStream(target));
  for await (const { line, reason } of rejects) terminal.note(`${file}:${line}: ${reason}`);
}

async function* csvOf(rejects: AsyncIterable<RejectedRow>): AsyncGenerator<string> {
  yield 'line,reason\n';
  for await (const { line, reason } of rejects) yield `${line},"${reason.replaceAll('"', '""')}"\n`;
}

function summary(reached: CustomerImport, { file, rejects }: Run): string {
  const [added, changed, unchanged, rejected] = (['added', 'changed', 'unchanged', 'rejected'] as const).map((kind) =>
    reached[kind].toLocaleString('en'),
  );
  const where = reached.rejected > 0 && rejects !== undefined ? `, see ${rejects}` : '';
  return `${file}: ${added} added, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected${where}.`;
}

function jsonSummary({ added, changed, unchanged, rejected }: CustomerImport, { file }: Run): string {
  return JSON.stringify({ file, added, changed, unchanged, rejected }, undefined, 2);
}

function total({ added, changed, unchanged, rejected }: CustomerImport): number {
  return added + changed + unchanged + rejected;
}
