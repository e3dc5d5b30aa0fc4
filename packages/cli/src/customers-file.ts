import { knownCustomer, type KnownCustomer } from '@turno/shared';
import { CsvError, parse } from 'csv-parse/sync';
import type { FileLine } from './file-lines.ts';

/** What a row of a customers file is: a customer, or the reason why it is none. */
export type Row =
  { readonly line: number; readonly customer: KnownCustomer } | { readonly line: number; readonly reason: string };

const columns = ['id', 'id_type', 'id_number', 'phone', 'language', 'promotions'] as const;
type Column = (typeof columns)[number];
const answers: Record<string, boolean> = { true: true, false: false };

/**
 * Reads the first line of a customers file: the columns by name, in any order, all but `id` optional.
 *
 * @throws Error naming the column that is unknown, there twice or missing
 */
export function columnsOf(header: string): Column[] {
  const names = cells(header.replace(/^\uFEFF/, '')).map((name) => name.toLowerCase());
  const unknown = names.filter((name) => !(columns as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(`there is no column "${unknown.join('", "').slice(0, 80)}"; the columns are ${columns.join(', ')}`);
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new Error(`the column "${repeated}" is there twice`);
  if (!names.includes('id')) throw new Error('the column "id" is missing');
  return names as Column[];
}

/** Reads lines below the header. Empty ones are left out. */
export function rowsOf(lines: readonly FileLine[], header: readonly Column[]): Row[] {
  const filled = lines.filter(({ text }) => text === undefined || text.trim() !== '');
  const table = parseTogether(filled);
  return filled.map(({ line, text }, i) => {
    if (text === undefined) return { line, reason: 'the line is too long' };
    try {
      return rowOf(line, table?.[i] ?? cells(text), header);
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      return { line, reason: `not CSV: ${firstSentence(error.message)}` };
    }
  });
}

/** All lines in one go, which is much faster; undefined when one of them is odd and each must be read by itself. */
function parseTogether(lines: readonly FileLine[]): string[][] | undefined {
  try {
    const table = parse(lines.map(({ text }) => text ?? '""').join('\n'), csvOptions);
    return table.length === lines.length ? table : undefined;
  } catch {
    return undefined;
  }
}

/** Spreadsheets of half the world write semicolons, and no field of a customer may hold either. */
const csvOptions = { delimiter: [',', ';'], trim: true, relax_column_count: true };

function cells(text: string): string[] {
  return parse(text, csvOptions)[0] ?? [];
}

function rowOf(line: number, values: readonly string[], header: readonly Column[]): Row {
  if (values.length !== header.length) {
    return { line, reason: `the header has ${header.length} columns, the row has ${values.length}` };
  }
  const given: Record<string, unknown> = {};
  for (const [i, column] of header.entries()) {
    const value = values[i]!;
    if (value !== '') given[column] = column === 'promotions' ? (answers[value.toLowerCase()] ?? value) : value;
  }
  const result = knownCustomer.safeParse(given);
  if (result.success) return { line, customer: result.data };
  return { line, reason: result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
}

function firstSentence(message: string): string {
  return message.replace(/ at line \d+.*$/, '');
}
