import { open, type FileHandle } from 'node:fs/promises';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'that is a directory, a file is expected',
  EACCES: 'the file may not be read',
};

/**
 * Opens a file that an operator named.
 *
 * @throws Error of one line that says why it cannot be read
 */
export async function openInputFile(file: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return { handle, size: stats.size };
  } catch (error) {
    await handle?.close();
    throw inputFileError(file, error);
  }
}

/** Reads a whole text file that an operator named; errors as {@link openInputFile}. */
export async function readInputFile(file: string): Promise<string> {
  const { handle } = await openInputFile(file);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function inputFileError(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`${file}: ${reasons[code ?? ''] ?? message}`, { cause: error });
}
