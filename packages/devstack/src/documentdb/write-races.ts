import { bsonType, findElement, slice } from './bson-scan.ts';
import type { Command } from './command.ts';
import { duplicateKey, errorCodeOf, writeConflict } from './error-codes.ts';

const attempts = 10;

function isUpsert({ body }: Command): boolean {
  const upsert = findElement(body, 'upsert');
  return upsert?.type === bsonType.bool && body[upsert.start] === 1;
}

/**
 * MongoDB runs a write again that lost against another one, and so does an upsert whose document somebody else has just
 * inserted; DocumentDB reports both. What threw was rolled back, so it can be run again. A duplicate that is none of a race is
 * there the next time, too, and is reported then.
 */
export async function settleRaces<T>(command: Command, write: () => Promise<T>): Promise<T> {
  let duplicates = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const { code } = errorCodeOf((error as { code?: string }).code);
      if (code === duplicateKey.code) duplicates += 1;
      const lostUpsert = code === duplicateKey.code && duplicates === 1 && isUpsert(command);
      if (attempt === attempts || !(lostUpsert || code === writeConflict.code)) throw error;
    }
  }
}

/**
 * One at a time for the same document: DocumentDB returns a stale document to the loser of two first upserts. They would have
 * to wait for each other in the database anyway.
 */
export class UpsertQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(command: Command, write: () => Promise<T>): Promise<T> {
    const query = isUpsert(command) ? findElement(command.body, 'query') : undefined;
    if (!query) return write();
    const { database, collection, body } = command;
    const key = `${database}.${collection}\0${slice(body, query).toString('latin1')}`;
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(write, write);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
