import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { customerModel, type CustomerImport } from '@turno/ticketing';
import { importCustomersFile, type CustomersOptions } from '../src/customers-command.ts';
import { manyRows, row, writeCustomers } from './customers-files.ts';
import { openDatabase, type Database } from './database.ts';
import { recordingTerminal } from './recording-terminal.ts';

const turno = join(import.meta.dirname, '../src/turno.ts');
const count = 15_000;
/** Line 5 has a bad phone; line 10 has the identity document of line 2; the last one is too short. */
const rejected = [5, 10, count + 2];

let database: Database;
let folder: string;
let file: string;

beforeAll(async () => {
  database = await openDatabase('cli-interrupted');
  folder = await mkdtemp(join(tmpdir(), 'turno-interrupted-'));
  const rows = manyRows(count);
  rows[3] = 'c3,,,987,,';
  rows[8] = row(8, 0);
  file = await writeCustomers(join(folder, 'customers.csv'), [...rows, 'short']);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.dispose();
});
beforeEach(async () => {
  await customerModel(database.connection).deleteMany({});
  await imports().deleteMany({});
});

const imports = () => database.connection.collection<CustomerImport>('customer_imports');

/** The command in a process of its own, which gets the signal once some of the file is in. */
async function interrupt(signal: NodeJS.Signals): Promise<{ code: number | null; line: number }> {
  const child = spawn(process.execPath, ['--no-warnings', turno, 'customers', 'import', file], {
    env: { ...process.env, TICKETING_MONGO_URL: database.url },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  while (!(await imports().findOne({})) && child.exitCode === null) await pause(5);
  child.kill(signal);
  const [code] = await ended;
  return { code, line: (await imports().findOne({}))?.line ?? 0 };
}

async function again(options: CustomersOptions = {}, signal = new AbortController().signal) {
  const { terminal, said, noted } = recordingTerminal();
  return { code: await importCustomersFile(file, options, signal, terminal), said, noted };
}

describe('an import that was interrupted', () => {
  test('when it is killed and given again, then it goes on where it was, and nothing is missing or told twice', async () => {
    const { line } = await interrupt('SIGKILL');
    const { code, noted } = await again();

    expect(line).toBeGreaterThan(0);
    expect(noted[0]).toBe(`An earlier import of this file was interrupted; it goes on after line ${line}.`);
    expect(noted.filter((text) => text.startsWith(file)).map((text) => Number(text.split(':')[1]))).toEqual(rejected);
    expect(code).toBe(1);
    await expect(customerModel(database.connection).countDocuments()).resolves.toBe(count - 2);
    await expect(imports().countDocuments()).resolves.toBe(0);
  });

  test('when it gets Ctrl-C, then it finishes what it writes and ends with 130, to be continued', async () => {
    const { code, line } = await interrupt('SIGINT');
    const stored = await customerModel(database.connection).countDocuments();

    expect(code).toBe(130);
    expect(stored).toBe(line - 1 - 2);
    expect((await again()).said[0]).toBe(`${file}: 14,998 added, 0 changed, 0 unchanged, 3 rejected.`);
  });

  test('when it is given again with --restart, then it begins anew', async () => {
    await interrupt('SIGINT');
    const { noted, said } = await again({ restart: true });

    expect(noted.filter((text) => text.startsWith('An earlier'))).toEqual([]);
    expect(said[0]).toMatch(/added, 0 changed, [\d,]+ unchanged, 3 rejected/);
  });

  test('when the file has changed since, then it begins anew', async () => {
    await interrupt('SIGINT');
    const other = await writeCustomers(join(folder, 'other.csv'), ['a1,,,,,']);
    const { terminal, noted } = recordingTerminal();

    await expect(importCustomersFile(other, {}, new AbortController().signal, terminal)).resolves.toBe(0);
    expect(noted).toEqual([]);
  });
});
