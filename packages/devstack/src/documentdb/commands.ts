import type { Backend } from './backend.ts';
import { decode, type Handler, type Reply } from './command.ts';
import { Cursors } from './cursors.ts';
import { explain } from './explain.ts';
import { withMongoWriteErrors } from './failure.ts';
import { serverInformation } from './server-information.ts';
import { settleRaces, UpsertQueue } from './write-races.ts';

/** Commands whose SQL function takes the database and the command, and gives the reply. */
const functions = {
  count: 'select document::bytea from documentdb_api.count_query($1, $2::documentdb_core.bson)',
  distinct: 'select document::bytea from documentdb_api.distinct_query($1, $2::documentdb_core.bson)',
  validate: 'select document::bytea from documentdb_api.validate($1, $2::documentdb_core.bson)',
  createindexes:
    'select documentdb_api_internal.create_indexes_non_concurrently($1, $2::documentdb_core.bson, true)::bytea',
  create: 'select documentdb_api.create_collection_view($1, $2::documentdb_core.bson)::bytea',
};

/** Those of the administration database: their SQL function takes the command alone. */
const administration = {
  listdatabases: 'select documentdb_api.list_databases($1::documentdb_core.bson)::bytea',
  renamecollection: 'select documentdb_api.rename_collection($1::documentdb_core.bson)::bytea',
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
  return hexadecimal ? { ...decode(Buffer.from(hexadecimal, 'hex')), ok: 1 } : { ok: 1 };
}

const findAndModify = 'select p_result::bytea from documentdb_api.find_and_modify($1, $2::documentdb_core.bson)';

/** The first column of the first row: the reply. */
type Ask = (statement: string, values: (string | Buffer | null)[]) => Promise<Buffer>;

function writeCommands(backend: Backend, ask: Ask): Record<string, Handler> {
  const table: Record<string, Handler> = {};
  const upserts = new UpsertQueue();
  for (const [name, argument] of Object.entries(writes)) {
    const statement = write(name);
    table[name] = async (command) => {
      const sequence = command.sequences.get(argument) ?? null;
      const run = () => ask(statement, [command.database, command.body, sequence]);
      return withMongoWriteErrors(backend, command, await settleRaces(command, run));
    };
  }
  table['findandmodify'] = (command) =>
    upserts.run(command, () => settleRaces(command, () => ask(findAndModify, [command.database, command.body])));
  return table;
}

function cursorCommands(backend: Backend): Record<string, Handler> {
  const cursors = new Cursors(backend);
  return {
    find: (command) => cursors.firstPage('find', command),
    aggregate: (command) => cursors.firstPage('aggregate', command),
    listcollections: (command) => cursors.firstPage('list_collections', command),
    listindexes: (command) => cursors.firstPage('list_indexes', command),
    getmore: (command) => cursors.nextPage(command),
    killcursors: (command) => cursors.kill(command),
    explain: (command) => explain(backend, command),
  };
}

/** Every command, by its name in lower case. */
export function commandTable(backend: Backend): ReadonlyMap<string, Handler> {
  const ask: Ask = async (statement, values) => (await backend.row(statement, values))[0] as Buffer;
  const table: Record<string, Handler> = {
    ...serverInformation,
    ...schemaCommands(backend),
    ...writeCommands(backend, ask),
    ...cursorCommands(backend),
    collmod: ({ database, collection, body }) => ask(ofCollection.collmod, [database, collection, body]),
    collstats: ({ database, collection }) => ask(ofCollection.collstats, [database, collection]),
  };
  for (const [name, statement] of Object.entries(functions)) {
    table[name] = (command) => settleRaces(command, () => ask(statement, [command.database, command.body]));
  }
  for (const [name, statement] of Object.entries(administration)) table[name] = ({ body }) => ask(statement, [body]);
  return new Map(Object.entries(table));
}
