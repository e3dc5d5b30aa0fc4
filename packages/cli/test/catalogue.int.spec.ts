import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CatalogueRepository, catalogueModel, CustomerRepository, customerModel } from '@turno/ticketing';
import { exportCatalogue, importCatalogue, validateCatalogue } from '../src/catalogue-commands.ts';
import { readCatalogue } from '../src/catalogue-file.ts';
import { openDatabase, type Database } from './database.ts';
import { recordingTerminal } from './recording-terminal.ts';

const demoFile = join(import.meta.dirname, '../../../catalogue/demo.yaml');
let database: Database;
let repository: CatalogueRepository;
let customers: CustomerRepository;
let folder: string;

beforeAll(async () => {
  database = await openDatabase('cli-catalogue');
  repository = new CatalogueRepository(catalogueModel(database.connection));
  customers = new CustomerRepository(customerModel(database.connection));
  folder = await mkdtemp(join(tmpdir(), 'turno-catalogue-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.dispose();
});
beforeEach(async () => {
  await catalogueModel(database.connection).deleteMany({});
  await customerModel(database.connection).deleteMany({});
});

/** The demo catalogue with one text replaced, as a file. */
async function changedDemo(piece: string, by: string): Promise<string> {
  const file = join(folder, 'changed.yaml');
  await writeFile(file, (await readFile(demoFile, 'utf8')).replace(piece, by));
  return file;
}

async function inForce(file = demoFile): Promise<string | undefined> {
  await importCatalogue(file, { yes: true }, recordingTerminal().terminal);
  return repository.currentVersion();
}

describe('turno catalogue validate', () => {
  test('when the file is good, then it says what is in it', async () => {
    const { terminal, said } = recordingTerminal();
    await validateCatalogue(demoFile, {}, terminal);

    expect(said).toEqual([`${demoFile} is a good catalogue: 5 branches, 10 services, 6 promotions, 6 customers.`]);
  });
});

test('when JSON is asked for, then mistakes have their places, and an import says what changes and its version', async () => {
  const { terminal, said } = recordingTerminal();

  const bad = await changedDemo('time_zone: America/Lima', 'time_zone: America/Limo');
  const code = await validateCatalogue(bad, { json: true }, terminal);
  await importCatalogue(demoFile, { json: true, yes: true }, terminal);

  const [checked, imported] = said.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(code).toBe(1);
  expect(checked).toMatchObject({
    good: false,
    mistakes: [{ line: expect.any(Number), column: expect.any(Number), path: expect.stringMatching(/time_zone$/) }],
  });
  expect(imported).toMatchObject({ customers: { added: 6 }, version: await repository.currentVersion() });
});

describe('turno catalogue import', () => {
  test('when it is confirmed, then catalogue and customers are in force', async () => {
    const { terminal, said, asked } = recordingTerminal(true);
    await importCatalogue(demoFile, {}, terminal);

    const { known_customers: _apart, ...network } = await readCatalogue(demoFile);
    expect(asked).toEqual(['Put this into force?']);
    expect(said.slice(-2)).toEqual([
      '~ customers: 6 added, 0 changed, 0 unchanged',
      expect.stringContaining('is in force'),
    ]);
    expect((await repository.load())?.content).toEqual({ ...network, known_customers: [] });
    expect((await customers.byId('a9087s902m'))?.phone).toBe('+51987776576');
  });

  test('when it is not confirmed, then nothing is written', async () => {
    const { terminal, said } = recordingTerminal(false);
    await importCatalogue(demoFile, {}, terminal);

    expect(said.at(-1)).toBe('Nothing was written.');
    await expect(repository.load()).resolves.toBeUndefined();
  });

  test('when nobody is there to ask, then it says that it takes --yes, and nothing is written', async () => {
    const { terminal, said } = recordingTerminal();

    await expect(importCatalogue(demoFile, {}, terminal)).rejects.toThrow('--yes');
    expect(said).toContain('+ branch 27b6 Hiper Central');
    await expect(repository.load()).resolves.toBeUndefined();
    await expect(customers.byId('a9087s902m')).resolves.toBeUndefined();
  });

  test('when it is a dry run, then it shows what would change and stops there', async () => {
    const before = await inForce();
    const { terminal, said } = recordingTerminal();
    await importCatalogue(await changedDemo('open_counters: 2', 'open_counters: 3'), { dryRun: true }, terminal);

    expect(said).toEqual([
      '~ branch 27b6 Hiper Central',
      '    open_counters: 2 -> 3',
      'Nothing was written: --dry-run stops here.',
    ]);
    await expect(repository.currentVersion()).resolves.toBe(before);
  });

  test('when nothing is different, then it says so, asks nothing and writes nothing', async () => {
    const before = await inForce();
    const { terminal, said, asked } = recordingTerminal(true);
    await importCatalogue(demoFile, {}, terminal);

    expect(said).toEqual([`Nothing changes: what ${demoFile} says is in force. Nothing was written.`]);
    expect(asked).toEqual([]);
    await expect(repository.currentVersion()).resolves.toBe(before);
  });

  test('when only a customer is different, then the customer is overwritten', async () => {
    await inForce();
    const { terminal, said } = recordingTerminal();
    await importCatalogue(await changedDemo('+51987776576', '+51900000000'), { yes: true }, terminal);

    expect(said[0]).toBe('~ customers: 0 added, 1 changed, 5 unchanged');
    expect((await customers.byId('a9087s902m'))?.phone).toBe('+51900000000');
  });

  test('when somebody else has the identity document of a customer, then it is named, and the catalogue stays', async () => {
    await customers.put([{ id: 'z1', id_type: 'D', id_number: '10203040', language: 'es', promotions: true }]);

    await expect(inForce()).rejects.toThrow('identity document of a9087s902m');
    await expect(repository.load()).resolves.toBeUndefined();
  });

  test('when another version of Turno wrote what is in force, then it is replaced whole', async () => {
    await repository.replace({ ...(await readCatalogue(demoFile)), services: [] }, 'old');
    const { terminal, said } = recordingTerminal();
    await importCatalogue(demoFile, { yes: true }, terminal);

    expect(said[0]).toContain('not readable');
    expect((await repository.load())?.content.services).toHaveLength(10);
  });
});

describe('turno catalogue export', () => {
  test.each(['network.yaml', 'network.json'])('when %s is imported again, then nothing changes', async (name) => {
    await inForce();
    const file = join(folder, name);
    await exportCatalogue(file, recordingTerminal().terminal);
    const { terminal, said } = recordingTerminal();
    await importCatalogue(file, {}, terminal);

    expect((await readFile(file, 'utf8')).startsWith(name.endsWith('json') ? '{' : '# ')).toBe(true);
    expect(said[0]).toContain('Nothing changes');
  });

  test('when no file is named, then the YAML is all that is said', async () => {
    await inForce();
    const { terminal, said, noted } = recordingTerminal();
    await exportCatalogue(undefined, terminal);

    expect(said).toHaveLength(1);
    expect(said[0]).toContain('id: 27b6');
    expect(noted).toEqual([]);
  });

  test('when nothing was imported, then it says how to', async () => {
    await expect(exportCatalogue(undefined, recordingTerminal().terminal)).rejects.toThrow('turno catalogue import');
  });
});
