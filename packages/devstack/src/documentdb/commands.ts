import type { BSON } from 'bson';
import type { Backend } from './backend.ts';
import { decode, type Command } from './command.ts';
import { Cursors } from './cursors.ts';
import { withMongoWriteErrors } from './failure.ts';
import { serverInformation } from './server-information.ts';

/** BSON that is passed on as it is, or a document still to be encoded. */
export type Reply = Buffer | BSON.Document;

export type Handler = (command: Command) => Reply | Promise<Reply>;

/** Commands whose SQL function takes the database and the command, and gives the reply. */
const functions = {
  count: 'select document::bytea from documentdb_api.count_query($1, $2::documentdb_core.bson)',
  distinct: 'select document::bytea from documentdb_api.distinct_query($1, $2::documentdb_core.bson)',
  findandmodify: 'select p_result::bytea from documentdb_api.find_and_modify($1, $2::documentdb_core.bson)',
  validate: 'select document::bytea from documentdb_api.validate($1, $2::documentdb_core.bson)',
  createindexes:
    'select documentdb_api_internal.create_indexes_non_concurrently($1, $2::documentdb_core.bson, true)::bytea',
  create: 'select documentdb_api.create_collection_view($1, $2::documentdb_core.bson)::bytea',
};

/** Those of the administration database: their SQL function takes the command alone. */
const administration = {
  listdatabases: 'select documentdb_api.list_databases($1::documentdb_core.bson)::bytea',
  renamecollection: 'select documentdb_api.rename_collection($1::documentdb_core.bson)::bytea',
  connectionstatus: 'select documentdb_api.connection_status($1::documentdb_core.bson)::bytea',
};

/** Those about a collection. */
const ofCollection = {
  collmod: 'select documentdb_api.coll_mod($1, $2, $3::documentdb_core.bson)::bytea',
  collstats: 'select documentdb_api.coll_stats($1, $2)::bytea',
};

const write = (name: string) =>
  `select p_result::bytea from documentdb_api.${name}($1, $2::documentdb_core.bson, $3::documentdb_core.bsonsequence)`;

/** The argument that a driver may send as a sequence of documents beside the command. */
const writes = { insert: 'documents', update: 'updates', delete: 'deletes' };

function schemaCommands(backend: Backend): Record<string, Handler> {
  return {
    async dropindexes({ database, body }) {
      const [reply] = await backend.row('call documentdb_api.drop_indexes($1, $2::documentdb_core.bson, null)', [
        database,
        body,
      ]);
      return decodeText(reply);
    },
    async drop({ database, collection }) {
      await backend.row('select documentdb_api.drop_collection($1, $2)', [database, collection]);
      return { ns: `${database}.${collection}`, ok: 1 };
    },
    async dropdatabase({ database }) {
      await backend.row('select documentdb_api.drop_database($1)', [database]);
      return { dropped: database, ok: 1 };
    },
    async dbstats({ database }) {
      const [reply] = await backend.row('select documentdb_api.db_stats($1)::bytea', [database]);
      return reply as Buffer;
    },
  };
}

/** A procedure's result cannot be cast in the call: it comes as text, `BSONHEX` and the bytes in hexadecimal. */
function decodeText(text: unknown): Reply {
  const hexadecimal = /^BSONHEX([0-9a-f]+)$/i.exec(String(text))?.[1];
  return hexadecimal ? decode(Buffer.from(hexadecimal, 'hex')) : { ok: 1 };
}

/** Every command, by its name in lower case. */
export function commandTable(backend: Backend): ReadonlyMap<string, Handler> {
  const cursors = new Cursors(backend);
  const only = async (statement: string, values: (string | Buffer | null)[]) =>
    (await backend.row(statement, values))[0] as Buffer;
  const table = new Map<string, Handler>(Object.entries({ ...serverInformation, ...schemaCommands(backend) }));
  for (const [name, statement] of Object.entries(functions)) {
    table.set(name, ({ database, body }) => only(statement, [database, body]));
  }
  for (const [name, statement] of Object.entries(administration)) {
    table.set(name, ({ body }) => only(statement, [body]));
  }
  table.set('collmod', ({ database, collection, body }) => only(ofCollection.collmod, [database, collection, body]));
  table.set('collstats', ({ database, collection }) => only(ofCollection.collstats, [database, collection]));
  for (const [name, argument] of Object.entries(writes)) {
    const statement = write(name);
    table.set(name, async (command) => {
      const sequence = command.sequences.get(argument) ?? null;
      const reply = await only(statement, [command.database, command.body, sequence]);
      return withMongoWriteErrors(backend, command, reply);
    });
  }
  for (const name of ['find', 'aggregate']) table.set(name, (command) => cursors.firstPage(name, command));
  table.set('listcollections', (command) => cursors.firstPage('list_collections', command));
  table.set('listindexes', (command) => cursors.firstPage('list_indexes', command));
  table.set('getmore', (command) => cursors.nextPage(command));
  table.set('killcursors', (command) => cursors.kill(command));
  return table;
}
