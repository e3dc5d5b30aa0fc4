import { writeFile } from 'node:fs/promises';

export const header = 'id,id_type,id_number,phone,language,promotions';

/** A row such as the generated ones, with another number of identity document if it is given. */
export function row(i: number, document = i): string {
  return `c${i},D,${10_000_000 + document},+519${10_000_000 + i},es,true`;
}

/** Writes a customers file: its first row is line 2. */
export async function writeCustomers(file: string, rows: readonly string[]): Promise<string> {
  await writeFile(file, `${[header, ...rows].join('\n')}\n`);
  return file;
}

export function manyRows(count: number): string[] {
  return Array.from({ length: count }, (_, i) => row(i));
}
