import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readApiKey } from '@turno/shared';
import { apiKeyModel, ApiKeyRepository } from '@turno/ticketing';
import { createKey, listKeys, revokeKey, rotateKey, type RotateKeyOptions } from '../src/keys-commands.ts';
import { openDatabase, type Database } from './database.ts';
import { recordingTerminal } from './recording-terminal.ts';

const inAWeek = new Date(Date.now() + 7 * 86_400_000);

let database: Database;
let keys: ApiKeyRepository;

beforeAll(async () => {
  database = await openDatabase('cli-keys');
  keys = new ApiKeyRepository(apiKeyModel(database.connection));
});
beforeEach(() => apiKeyModel(database.connection).deleteMany({}));
afterAll(() => database.dispose());

/** Makes a key, and gives it back with its id. */
async function create(channel = 'mobile', expires?: Date): Promise<{ text: string; id: string }> {
  const { terminal, said } = recordingTerminal();
  await createKey(channel, { name: 'Mobile app', ...(expires && { expires }) }, terminal);
  return { text: said.join('\n'), id: readApiKey(said.join('\n'))!.id };
}

async function list(options: Parameters<typeof listKeys>[0] = {}): Promise<string[]> {
  const { terminal, said } = recordingTerminal();
  await listKeys(options, terminal);
  return said;
}

async function revoke(id: string): Promise<string[]> {
  const { terminal, said } = recordingTerminal();
  await revokeKey(id, {}, terminal);
  return said;
}

async function rotate(id: string, options: RotateKeyOptions = {}): Promise<string> {
  const { terminal, said } = recordingTerminal();
  await rotateKey(id, options, terminal);
  return readApiKey(said.join('\n'))!.id;
}

const validIds = async (at = new Date()): Promise<string[]> => (await keys.valid(at)).map(({ id }) => id).toSorted();

test('when a key is made, then it is written once, and the database has its hash alone', async () => {
  const { text, id } = await create();

  expect(text).toMatch(/^turno_[0-9a-z]{12}_[\w-]{43}$/);
  const stored = await apiKeyModel(database.connection).findOne({ _id: id }).lean();
  expect(stored).toMatchObject({ channel: 'mobile', name: 'Mobile app', hash: expect.stringMatching(/^[\w-]{43}$/) });
  expect(JSON.stringify(stored)).not.toContain(text.slice(-43));
  expect((await list()).join('\n')).not.toContain(text.slice(-43));
});

test('when a channel can be none, then no key is made', async () => {
  await expect(create('a channel with a long name')).rejects.toThrow('a channel has 1 to 20 characters');
  expect(await validIds()).toEqual([]);
});

test('when keys are listed, then those that hold have a line each, and the others with --all', async () => {
  const [{ id }, { id: revoked }] = [await create('mobile', inAWeek), await create('kiosk')];
  await revoke(revoked);

  const [heading, ...lines] = await list();

  expect(heading).toMatch(/^id +channel +name +created +expires +state$/);
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^${id} +mobile +Mobile app .+ valid$`))]);
  expect(await list({ all: true })).toHaveLength(3);
  expect(await list({ channel: 'kiosk' })).toEqual(['There is no such key that holds.']);
});

test('when they are listed as JSON, then it has when each expires and was revoked', async () => {
  const { id } = await create('mobile', inAWeek);
  await revoke(id);

  const { keys: listed } = JSON.parse((await list({ json: true, all: true })).join('')) as { keys: object[] };

  expect(listed).toMatchObject([{ id, state: 'revoked', expires_at: inAWeek.toISOString() }]);
});

test('when a key is revoked, then it holds no more, and a repeat says so', async () => {
  const { id } = await create();

  const first = await revoke(id);
  const again = await revoke(id);

  expect(await validIds()).toEqual([]);
  expect([...first, ...again]).toEqual([
    `${id} is revoked: gateways know of it within 3 seconds.`,
    `${id} was revoked before.`,
  ]);
});

test('when a key is rotated, then both hold for the time of grace, and then the new one', async () => {
  const { id } = await create();

  const next = await rotate(id, { grace: 3_600_000 });

  expect(await validIds()).toEqual([id, next].toSorted());
  expect(await validIds(new Date(Date.now() + 3_600_000))).toEqual([next]);
  expect(await keys.find(next)).toMatchObject({ channel: 'mobile', name: 'Mobile app' });
});

test('when a key that expires is rotated, then the new one has as long a time', async () => {
  const { id } = await create('mobile', inAWeek);

  const next = await rotate(id);

  const { createdAt, expiresAt } = (await keys.find(next))!;
  expect(expiresAt!.getTime() - createdAt.getTime()).toBeGreaterThan(7 * 86_400_000 - 60_000);
});

test('when the whole key is given, then its id is meant, and an error repeats none of it', async () => {
  const { id, text } = await create();

  expect(await revoke(text)).toEqual([`${id} is revoked: gateways know of it within 3 seconds.`]);
  await expect(revoke(text.slice(0, -1))).rejects.toThrow(/^there is no such key; turno keys list shows their ids$/);
});

test('when a key is rotated without grace, then the old one is revoked', async () => {
  const next = await rotate((await create()).id, { grace: 0 });

  expect(await validIds()).toEqual([next]);
});

test('when a key expires within the time of grace, then its rotation makes it hold no longer', async () => {
  const { id } = await create('mobile', new Date(Date.now() + 60_000));

  await rotate(id, { grace: 3_600_000 });

  expect((await keys.find(id))!.expiresAt!.getTime()).toBeLessThan(Date.now() + 61_000);
});

test('when there is no such key, or it holds no more, then rotating and revoking say so', async () => {
  const { id } = await create();
  await revoke(id);

  await expect(rotate(id)).rejects.toThrow(`${id} is revoked; turno keys create makes another`);
  await expect(rotate('nobody')).rejects.toThrow('there is no key nobody; turno keys list shows their ids');
  await expect(revoke('nobody')).rejects.toThrow('there is no key nobody');
  expect(await validIds()).toEqual([]);
});
