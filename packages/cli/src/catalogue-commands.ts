import { writeFile } from 'node:fs/promises';
import type { Connection } from '@turno/mongo';
import type { Catalogue } from '@turno/shared';
import { diffText } from './catalogue-diff-text.ts';
import { catalogueText } from './catalogue-export.ts';
import { BadCatalogue, readCatalogue } from './catalogue-file.ts';
import { catalogueInForce, planImport, putInForce, type Plan } from './catalogue-in-force.ts';
import { withDatabase } from './database.ts';
import { Progress } from './progress.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface ImportOptions {
  /** Show what would change, and stop there. */
  readonly dryRun?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface ValidateOptions {
  readonly json?: boolean;
}

/**
 * Checks a file.
 *
 * @returns the exit code: 1 when it is not a good catalogue
 * @throws when it cannot be read or, without `json`, when it is not a good catalogue, with a line per mistake
 */
export async function validateCatalogue(
  file: string,
  { json = false }: ValidateOptions = {},
  terminal: Terminal = processTerminal,
): Promise<number> {
  try {
    const content = await readCatalogue(file);
    terminal.say(
      json ? pretty({ file, good: true, mistakes: [] }) : `${file} is a good catalogue: ${summary(content)}.`,
    );
    return 0;
  } catch (error) {
    if (!json || !(error instanceof BadCatalogue)) throw error;
    const mistakes = error.mistakes.map(({ at: { line, col }, path, message }) => ({
      line,
      column: col,
      path,
      message,
    }));
    terminal.say(pretty({ file, good: false, mistakes }));
    return 1;
  }
}

/**
 * Shows what would change, and puts it into force once that is confirmed.
 *
 * @throws when the file is bad, or when nobody is there to confirm
 */
export async function importCatalogue(
  file: string,
  { dryRun = false, yes = false, json = false }: ImportOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const content = await readCatalogue(file);
  await withDatabase('TICKETING_MONGO_URL', async (connection) => {
    const plan = await withProgress(content, terminal, (done) => planImport(content, connection, done));
    if (json) return importAsJson(content, plan, { dryRun, yes }, connection, terminal);
    if (isNothing(plan)) return terminal.say(`Nothing changes: what ${file} says is in force. Nothing was written.`);
    showPlan(plan, terminal);
    if (dryRun) return terminal.say('Nothing was written: --dry-run stops here.');
    if (!yes && !(await isConfirmed(terminal))) return terminal.say('Nothing was written.');
    await apply(content, connection, terminal);
  });
}

/** The plan, and the version that is in force after it: null where nothing was written. */
async function importAsJson(
  content: Catalogue,
  plan: Plan,
  { dryRun, yes }: Required<Pick<ImportOptions, 'dryRun' | 'yes'>>,
  connection: Connection,
  terminal: Terminal,
): Promise<void> {
  if (!yes && !dryRun) throw new Error('nothing was written: with --json the import takes --yes or --dry-run');
  const version = dryRun || isNothing(plan) ? null : await putInForce(content, connection);
  terminal.say(pretty({ ...plan, version }));
}

/** Writes the catalogue in force to a file, or to standard output. */
export async function exportCatalogue(file: string | undefined, terminal: Terminal = processTerminal): Promise<void> {
  const content = await withDatabase('TICKETING_MONGO_URL', catalogueInForce);
  if (!content) throw new Error('there is no catalogue yet: turno catalogue import FILE');
  const text = catalogueText(content, file?.toLowerCase().endsWith('.json') ? 'json' : 'yaml');
  if (file === undefined) return terminal.say(text.trimEnd());
  await writeFile(file, text);
  terminal.say(`The catalogue in force is in ${file}: ${summary(content)}; without the customer directory.`);
}

async function apply(content: Catalogue, connection: Connection, terminal: Terminal): Promise<void> {
  const version = await withProgress(content, terminal, (done) => putInForce(content, connection, done));
  terminal.say(`Catalogue ${version} is in force: ${summary(content)}. Running services take it over within seconds.`);
}

async function isConfirmed(terminal: Terminal): Promise<boolean> {
  if (terminal.isInteractive) return terminal.confirm('Put this into force?');
  throw new Error('nothing was written: without a terminal to ask on, the import takes --yes (or --dry-run)');
}

function showPlan({ changes, customers, isUnreadable }: Plan, terminal: Terminal): void {
  if (isUnreadable)
    terminal.say('The stored catalogue is not readable by this version of Turno; it is replaced whole.');
  for (const line of diffText(changes)) terminal.say(line);
  const { added, changed, unchanged } = customers;
  if (added + changed > 0) terminal.say(`~ customers: ${added} added, ${changed} changed, ${unchanged} unchanged`);
}

function isNothing({ changes, customers, isUnreadable }: Plan): boolean {
  return changes.length === 0 && customers.added + customers.changed === 0 && !isUnreadable;
}

async function withProgress<T>(
  { known_customers: customers }: Catalogue,
  terminal: Terminal,
  work: (done: (count: number) => void) => Promise<T>,
): Promise<T> {
  const progress = new Progress(terminal, 'customers');
  try {
    return await work((count) => progress.report({ count, share: count / customers.length }));
  } finally {
    progress.end();
  }
}

function summary({ branches, services, promotions, known_customers: customers }: Catalogue): string {
  const counts = [
    counted(branches.length, 'branch', 'branches'),
    counted(services.length, 'service', 'services'),
    counted(promotions.length, 'promotion', 'promotions'),
    ...(customers.length > 0 ? [counted(customers.length, 'customer', 'customers')] : []),
  ];
  return counts.join(', ');
}

const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
