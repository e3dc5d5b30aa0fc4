import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { columnsOf, rowsOf } from './customers-file.ts';
import type { Batch } from './customers-import.ts';
import { linesOf, type FileLine } from './file-lines.ts';

/** So many lines make a batch: one round trip or two to the database, and under a megabyte of memory. */
const batchLines = 1_000;

/**
 * Reads an open customers file in batches, as they are asked for. The same file always gives the same batches.
 *
 * @param after batches up to this line are read over: they come without their rows
 * @throws Error with file and line when the header is wrong or missing
 */
export async function* batchesOf(file: string, handle: FileHandle, size: number, after = 0): AsyncGenerator<Batch> {
  const lines = linesOf(handle);
  const header = await lines.next();
  if (header.done || !header.value.text?.trim()) throw new Error(`${file}: the file is empty, a header is expected`);
  const columns = readColumns(file, header.value.text);
  let pending: FileLine[] = [];
  const batch = (): Batch => {
    const { line, endsAt } = pending.at(-1)!;
    return { rows: line <= after ? [] : rowsOf(pending, columns), line, share: endsAt / size };
  };
  for await (const line of lines) {
    pending.push(line);
    if (pending.length < batchLines) continue;
    yield batch();
    pending = [];
  }
  if (pending.length > 0) yield batch();
}

/** Equal for two files of the same content; reads the whole file. */
export async function digestOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function readColumns(file: string, header: string): ReturnType<typeof columnsOf> {
  try {
    return columnsOf(header);
  } catch (error) {
    throw new Error(`${file}:1: ${(error as Error).message}`, { cause: error });
  }
}
