import type { FileHandle } from 'node:fs/promises';

/** A line of a file. */
export interface FileLine {
  /** Counted from 1. */
  readonly line: number;
  /** Without the end of line; undefined for a line too long to be one of ours, which is not kept. */
  readonly text: string | undefined;
  /** Where the line ends in the file. */
  readonly endsAt: number;
}

/** A line of a customers file has some 100 characters. Whatever is much longer is not one, and must not fill the memory. */
const longestLine = 10_000;

/** A file's lines, read as they are asked for: memory does not grow with the file. */
export async function* linesOf(handle: FileHandle, chunkSize = 65_536): AsyncGenerator<FileLine> {
  let rest = '';
  let line = 0;
  let endsAt = 0;
  /** Bytes of a line that is too long, of which nothing is kept. */
  let skipped = 0;
  let isTooLong = false;
  // Latin-1 keeps a character for each byte, so that a chunk may end anywhere and bytes can be counted.
  const next = (bytes: string, endLength: number): FileLine => {
    endsAt += bytes.length + endLength + skipped;
    skipped = 0;
    line += 1;
    const text = Buffer.from(bytes, 'latin1').toString('utf8').replace(/\r$/, '');
    return { line, text: isTooLong || bytes.length > longestLine ? undefined : text, endsAt };
  };
  for await (const chunk of handle.createReadStream({
    start: 0,
    encoding: 'latin1',
    highWaterMark: chunkSize,
    autoClose: false,
  })) {
    const parts = `${rest}${chunk as string}`.split('\n');
    rest = parts.pop()!;
    for (const part of parts) {
      yield next(part, 1);
      isTooLong = false;
    }
    if (rest.length > longestLine) {
      skipped += rest.length;
      isTooLong = true;
      rest = '';
    }
  }
  if (rest.length > 0 || isTooLong) yield next(rest, 0);
}
