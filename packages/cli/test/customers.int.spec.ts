import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CustomerImportRepository, CustomerRepository, customerModel } from '@turno/ticketing';
import { batchesOf } from '../src/customers-batches.ts';
import { importCustomersFile, type CustomersOptions } from '../src/customers-command.ts';
import { importCustomers, type Batch } from '../src/customers-import.ts';
import { header, manyRows, row, writeCustomers } from './customers-files.ts';
import { openDatabase, type Database } from './database.ts';
import { recordingTerminal } from './recording-terminal.ts';

let database: Database;
let customers: CustomerRepository;
let folder: string;
let file: string;

beforeAll(async () => {
  database = await openDatabase('cli-customers');
  customers = new CustomerRepository(customerModel(database.connection));
  folder = await mkdtemp(join(tmpdir(), 'turno-customers-'));
  file = join(folder, 'customers.csv');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.dispose();
});
beforeEach(() => customerModel(database.connection).deleteMany({}) as unknown as Promise<void>);

async function run(options: CustomersOptions = {}, signal = new AbortController().signal) {
  const { terminal, said, noted } = recordingTerminal();
  return { code: await importCustomersFile(file, options, signal, terminal), said, noted };
}

const stored = (): Promise<number> => customerModel(database.connection).countDocuments();

describe('turno customers import', () => {
  test('when every row is good, then all customers are there and the exit code is 0', async () => {
    await writeCustomers(file, ['a1,D,1,+51987776576,en,false', 'a2,,,,,']);

    await expect(run()).resolves.toEqual({
      code: 0,
      said: [`${file}: 2 added, 0 changed, 0 unchanged, 0 rejected.`],
      noted: [],
    });
    await expect(customers.byNumber('D', '1')).resolves.toEqual({
      id: 'a1',
      phone: '+51987776576',
      language: 'en',
      promotionsAllowed: false,
    });
    expect((await customers.byId('a2'))?.language).toBe('es');
  });

  test('when it is given again with one change, then that is all that is written', async () => {
    await writeCustomers(file, manyRows(1_500));
    await run();
    await writeCustomers(file, [...manyRows(1_499), row(1_499, 9_999)]);

    expect((await run()).said).toEqual([`${file}: 0 added, 1 changed, 1,499 unchanged, 0 rejected.`]);
  });

  test('when an id is there twice, near or far, then the last wins', async () => {
    const rows = manyRows(2_500);
    await writeCustomers(file, ['c7,,,+51900000001,,', ...rows, 'c8,,,+51900000002,,', 'c8,,,+51900000003,,']);

    expect((await run()).code).toBe(0);
    expect((await customers.byId('c7'))?.phone).toBe('+51910000007');
    expect((await customers.byId('c8'))?.phone).toBe('+51900000003');
    await expect(stored()).resolves.toBe(2_500);
  });

  test('when a column is unknown, then it is named with its line, and nothing is written', async () => {
    await writeFile(file, 'id,nombre\na1,Ana\n');

    await expect(run()).rejects.toThrow(`${file}:1: there is no column "nombre"`);
    await expect(stored()).resolves.toBe(0);
  });

  test('when the file is empty, then it says that a header is expected', async () => {
    await writeFile(file, '');

    await expect(run()).rejects.toThrow(`${file}: the file is empty, a header is expected`);
  });

  test('when there is nothing below the header, then there is nothing to do', async () => {
    await writeFile(file, header);

    await expect(run()).resolves.toMatchObject({ code: 0, noted: [] });
  });
});

describe('rows that are rejected', () => {
  const bad = ['a1,D,1,,,', 'a2,,,987,,', '', 'a3,D,1,,,', 'a4,D', 'a5,,,,,'];
  const reasons = [
    [3, 'phone: Invalid phone.'],
    [5, 'id_number: another customer has the identity document D 1'],
    [6, 'the header has 6 columns, the row has 2'],
  ] as const;

  test('when some are, then each is told by its line, the others go in and the exit code is 1', async () => {
    await writeCustomers(file, bad);

    await expect(run()).resolves.toEqual({
      code: 1,
      said: [`${file}: 2 added, 0 changed, 0 unchanged, 3 rejected.`],
      noted: reasons.map(([line, reason]) => `${file}:${line}: ${reason}`),
    });
    await expect(stored()).resolves.toBe(2);
  });

  test('when a file for them is named, then it holds line and reason', async () => {
    const rejects = join(folder, 'rejects.csv');
    await writeCustomers(file, bad);
    const { said, noted } = await run({ rejects });

    expect(await readFile(rejects, 'utf8')).toBe(
      `line,reason\n${reasons.map(([line, reason]) => `${line},"${reason}"\n`).join('')}`,
    );
    expect(said[0]).toContain(`3 rejected, see ${rejects}.`);
    expect(noted).toEqual([]);
  });

  test('when a customer of long ago has the identity document, then the row is rejected', async () => {
    await customers.put([{ id: 'old', id_type: 'D', id_number: '1', language: 'es', promotions: true }]);
    await writeCustomers(file, bad);

    expect((await run()).said[0]).toContain('1 added, 0 changed, 0 unchanged, 4 rejected');
    expect((await customers.byNumber('D', '1'))?.id).toBe('old');
  });
});

describe('memory', () => {
  test('when a file has many batches, then no more than two are held: one is written, one is read', async () => {
    await writeCustomers(file, manyRows(8_000));
    await using handle = await open(file);
    let [read, written, held] = [0, 0, 0];
    async function* counted(): AsyncGenerator<Batch> {
      for await (const batch of batchesOf(file, handle, (await handle.stat()).size)) {
        read += 1;
        held = Math.max(held, read - written);
        yield batch;
      }
    }
    await importCustomers({
      file,
      digest: 'memory',
      from: { line: 0, added: 0, changed: 0, unchanged: 0, rejected: 0 },
      batches: counted(),
      customers,
      imports: new CustomerImportRepository(database.connection),
      signal: new AbortController().signal,
      report: () => (written += 1),
    });

    expect([read, written, held]).toEqual([8, 8, 2]);
  });
});
