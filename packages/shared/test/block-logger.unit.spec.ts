import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';

let writer: ChildProcess | undefined;

afterEach(() => void writer?.kill('SIGKILL'));

/** Starts a process that logs a hundred lines and then ends as told; gives back what has been read of it so far. */
function startWriter(ending: string): () => string[] {
  const script = join(import.meta.dirname, 'log-writer.ts');
  writer = spawn(process.execPath, ['--no-warnings', script, ending], { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
  let text = '';
  writer.stdout!.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text.split('\n').slice(0, -1);
}

const numbersIn = (lines: string[]) => lines.map((line) => (JSON.parse(line) as { i?: number }).i);
const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe('a log in blocks', () => {
  test.each(['exit', 'return', 'throw'])(
    'when the process ends by %s, then every line is there, in order',
    async (how) => {
      const lines = startWriter(how);

      await once(writer!, 'close');

      expect(numbersIn(lines())).toEqual(hundred);
    },
  );

  test('when the process is killed right behind an error, then the error is there, and all before it', async () => {
    const lines = startWriter('error, then kill -9');

    await once(writer!, 'close');

    expect(numbersIn(lines())).toEqual([...hundred, undefined]);
    expect(lines().at(-1)).toContain('"level":"error"');
  });

  test('when the process lives on, then every line is there soon', async () => {
    const lines = startWriter('stay');

    await eventually(() => lines().length === 100);

    expect(numbersIn(lines())).toEqual(hundred);
  });

  test('when nobody reads the log any more, then the process can end', async () => {
    const lines = startWriter('a deaf reader');
    await eventually(() => lines().length === 100);

    writer!.stdout!.destroy();
    writer!.disconnect();

    expect(await once(writer!, 'exit')).toEqual([0, null]);
  });
});
