import { printable } from './safe-text.ts';

/** Lines of a table, its heading among the rows: each column as wide as its widest cell, the numeric ones to the right. */
export function tableLines(rows: readonly (readonly string[])[], numericColumns: readonly number[] = []): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = rows[0]!.map((_name, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const numeric = new Set(numericColumns);
  return cells.map((row) =>
    row
      .map((cell, column) => (numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
