import { field, newApiKey, readApiKey } from '@turno/shared';
import { apiKeyModel, ApiKeyRepository, type ApiKey } from '@turno/ticketing';
import { withDatabase } from './database.ts';
import { tableLines } from './table.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** How long a key goes on that another one has taken the place of, in milliseconds. */
export const usualGraceMs = 24 * 60 * 60 * 1_000;

const withinSeconds = 'gateways know of it within 3 seconds';

function withKeys<T>(use: (keys: ApiKeyRepository) => Promise<T>): Promise<T> {
  return withDatabase('TICKETING_MONGO_URL', (connection) => use(new ApiKeyRepository(apiKeyModel(connection))));
}

export interface CreateKeyOptions {
  /** Who has it, for operators. */
  readonly name: string;
  readonly expires?: Date;
  readonly json?: boolean;
}

/**
 * Makes a key for a channel and writes it, this once.
 *
 * @throws when there can be no such channel
 */
export async function createKey(
  channel: string,
  { name, expires, json = false }: CreateKeyOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  if (!field.channel.safeParse(channel).success) throw new Error('a channel has 1 to 20 characters');
  await withKeys(async (keys) => {
    const { key, text } = await make(keys, { channel, name, expiresAt: expires });
    tellNew(key, text, json, terminal);
  });
}

export interface ListKeysOptions {
  readonly channel?: string;
  /** Also those that hold no more. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Writes a line for each key, the oldest first. The keys themselves nobody has but their channels. */
export async function listKeys(
  { channel, all = false, json = false }: ListKeysOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const now = new Date();
  const keys = (await withKeys((stored) => stored.all())).filter(
    (key) => (channel === undefined || key.channel === channel) && (all || stateOf(key, now) === 'valid'),
  );
  if (json) return terminal.say(JSON.stringify({ keys: keys.map((key) => shown(key, now)) }, undefined, 2));
  if (keys.length === 0) return terminal.say(all ? 'There is no such key.' : 'There is no such key that holds.');
  const heading = ['id', 'channel', 'name', 'created', 'expires', 'state'];
  for (const line of tableLines([heading, ...keys.map((key) => row(key, now))])) terminal.say(line);
}

/**
 * Ends a key.
 *
 * @throws when there is none of that id
 */
export async function revokeKey(
  given: string,
  { json = false } = {},
  terminal: Terminal = processTerminal,
): Promise<void> {
  const id = idOf(given);
  await withKeys(async (keys) => {
    const revoked = await keys.revoke(id, new Date());
    const key = await keys.find(id);
    if (!key) throw unknownKey(id);
    if (json) return terminal.say(JSON.stringify(shown(key, new Date()), undefined, 2));
    terminal.say(revoked ? `${id} is revoked: ${withinSeconds}.` : `${id} was revoked before.`);
  });
}

export interface RotateKeyOptions {
  /** How long the old one goes on, in milliseconds; 0 ends it now. */
  readonly grace?: number;
  /** When the new one expires; without it, after as long a time as the old one had. */
  readonly expires?: Date;
  readonly json?: boolean;
}

/**
 * Makes a new key for the channel of another one, which goes on for a while.
 *
 * @throws when there is none of that id, or it holds no more
 */
export async function rotateKey(
  given: string,
  { grace = usualGraceMs, expires, json = false }: RotateKeyOptions,
  terminal: Terminal = processTerminal,
): Promise<void> {
  const id = idOf(given);
  await withKeys(async (keys) => {
    const now = new Date();
    const old = await keys.find(id);
    if (!old) throw unknownKey(id);
    if (stateOf(old, now) !== 'valid')
      throw new Error(`${id} is ${stateOf(old, now)}; turno keys create makes another`);
    const expiresAt = expires ?? asLongAs(old, now);
    const { key, text } = await make(keys, { channel: old.channel, name: old.name, expiresAt });
    // Not before the new one is stored: a crash in between leaves two keys, never none.
    const end = new Date(now.getTime() + grace);
    if (grace === 0) await keys.revoke(id, now);
    else await keys.expire(id, end);
    tellNew(key, text, json, terminal);
    if (!json) terminal.note(grace === 0 ? `${id} is revoked.` : `${id} goes on until ${end.toISOString()} at most.`);
  });
}

/** A bound that was set once is not lost by a rotation. */
function asLongAs({ createdAt, expiresAt }: ApiKey, now: Date): Date | undefined {
  return expiresAt && new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
}

async function make(keys: ApiKeyRepository, of: Pick<ApiKey, 'channel' | 'name' | 'expiresAt'>) {
  const { id, text, hash } = newApiKey();
  const key: ApiKey = { id, hash, createdAt: new Date(), ...of };
  await keys.add(key);
  return { key, text };
}

/** The key alone on standard output, so that a script can take it. */
function tellNew(key: ApiKey, text: string, json: boolean, terminal: Terminal): void {
  if (json) return terminal.say(JSON.stringify({ key: text, ...shown(key, new Date()) }, undefined, 2));
  terminal.say(text);
  terminal.note(`The key of ${key.channel}: it is shown this once, so keep it where ${key.name} finds it.`);
  terminal.note(`Its id is ${key.id}; ${withinSeconds}.`);
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: Date): 'valid' | 'expired' | 'revoked' {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'valid';
}

function row(key: ApiKey, now: Date): string[] {
  const { id, channel, name, createdAt, expiresAt } = key;
  return [id, channel, name, createdAt.toISOString(), expiresAt?.toISOString() ?? 'never', stateOf(key, now)];
}

function shown(key: ApiKey, now: Date) {
  const { id, channel, name, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    channel,
    name,
    state: stateOf(key, now),
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
  };
}

/** Whoever has the whole key at hand may give that. */
function idOf(given: string): string {
  return readApiKey(given)?.id ?? given;
}

/** What does not look like an id may be a part of a key, which is told nobody. */
function unknownKey(id: string): Error {
  const which = /^[0-9a-z]{1,12}$/.test(id) ? `key ${id}` : 'such key';
  return new Error(`there is no ${which}; turno keys list shows their ids`);
}
