import { writeFile } from 'node:fs/promises';
import type { Connection } from '@turno/mongo';
import type { Catalogue } from '@turno/shared';
import { diffText } from './catalogue-diff-text.ts';
import { catalogueText } from './catalogue-export.ts';
import { readCatalogue } from './catalogue-file.ts';
import { catalogueInForce, planImport, putInForce, type Plan } from './catalogue-in-force.ts';
import { withDatabase } from './database.ts';
import { Progress } from './progress.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface ImportOptions {
  /** Show what would change, and stop there. */
  readonly dryRun?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
}

export async function validateCatalogue(file: string, terminal: Terminal = processTerminal): Promise<void> {
  terminal.say(`${file} is a good catalogue: ${summary(await readCatalogue(file))}.`);
}

/**
 * Shows what would change, and puts it into force once that is confirmed.
 *
 * @throws when the file is bad, or when nobody is there to confirm
 */
export async function importCatalogue(
  file: string,
  { dryRun = false, yes = false }: ImportOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const content = await readCatalogue(file);
  await withDatabase('TICKETING_MONGO_URL', async (connection) => {
    const plan = await withProgress(content, terminal, (done) => planImport(content, connection, done));
    if (isNothing(plan)) return terminal.say(`Nothing changes: what ${file} says is in force. Nothing was written.`);
    showPlan(plan, terminal);
    if (dryRun) return terminal.say('Nothing was written: --dry-run stops here.');
    if (!yes && !(await isConfirmed(terminal))) return terminal.say('Nothing was written.');
    await apply(content, connection, terminal);
  });
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

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
