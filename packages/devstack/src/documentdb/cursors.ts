import type { Backend } from './backend.ts';
import { decode, type Command, type Reply } from './command.ts';
import { cursorNotFound } from './error-codes.ts';
import { failureReply } from './failure.ts';

/** As long as MongoDB keeps a cursor nobody asks for more of. */
const idleMs = 10 * 60_000;

interface OpenCursor {
  readonly continuation: Buffer;
  readonly lastUsed: number;
}

/** What DocumentDB needs to go on with a cursor; it keeps no state of its own for one. */
export class Cursors {
  readonly #backend: Backend;
  readonly #open = new Map<string, OpenCursor>();

  constructor(backend: Backend) {
    this.#backend = backend;
    setInterval(() => this.#dropIdle(), 60_000).unref();
  }

  /** Runs one of the functions named `…_cursor_first_page`. */
  async firstPage(name: string, { database, body }: Command): Promise<Reply> {
    const [page, continuation, id] = await this.#backend.row(
      `select cursorpage::bytea, continuation::bytea, cursorid from documentdb_api.${name}_cursor_first_page($1, $2::documentdb_core.bson)`,
      [database, body],
    );
    this.#keep(String(id), continuation);
    return page as Buffer;
  }

  async nextPage({ database, body }: Command): Promise<Reply> {
    const id = String(decode(body)['getMore']);
    const cursor = this.#open.get(id);
    if (!cursor) return failureReply(cursorNotFound, `cursor id ${id} not found`);
    this.#open.delete(id);
    const [page, continuation] = await this.#backend.row(
      'select cursorpage::bytea, continuation::bytea from documentdb_api.cursor_get_more($1, $2::documentdb_core.bson, $3::documentdb_core.bson)',
      [database, body, cursor.continuation],
    );
    this.#keep(id, continuation);
    return page as Buffer;
  }

  kill({ body }: Command): Reply {
    const asked = decode(body)['cursors'] as unknown[];
    const killed = asked.filter((id) => this.#open.delete(String(id)));
    const notFound = asked.filter((id) => !killed.includes(id));
    return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
  }

  #keep(id: string, continuation: unknown): void {
    if (id !== '0' && Buffer.isBuffer(continuation)) this.#open.set(id, { continuation, lastUsed: Date.now() });
  }

  #dropIdle(): void {
    for (const [id, { lastUsed }] of this.#open) if (Date.now() - lastUsed > idleMs) this.#open.delete(id);
  }
}
