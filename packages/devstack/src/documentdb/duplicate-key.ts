import { BSON } from 'bson';
import type { Backend } from './backend.ts';
import { decode, type Command } from './command.ts';

/** What MongoDB says of a document that is refused because a unique index has its key already. */
export interface DuplicateKey {
  readonly errmsg: string;
  readonly keyPattern?: BSON.Document;
  readonly keyValue?: BSON.Document;
}

/** The index that refused, as far as DocumentDB or PostgreSQL tells. */
export interface Refusal {
  readonly message: string;
  /** `documents_rum_index_7`, or `collection_pk_2` for `_id`. */
  readonly constraint?: string | undefined;
  /** The document that was refused, where it is known. */
  readonly refused?: BSON.Document | undefined;
}

interface Index {
  readonly name: string;
  readonly key?: BSON.Document;
}

const idIndex: Index = { name: '_id_', key: { _id: 1 } };

const findIndex = `
  select (i.index_spec).index_name, (i.index_spec).index_key::bytea
  from documentdb_api_catalog.collection_indexes i join documentdb_api_catalog.collections c using (collection_id)
  where c.database_name = $1 and c.collection_name = $2 and ((i.index_spec).index_name = $3 or i.index_id::text = $4)`;

/** An index that could not be built is in no catalogue any more, but in the command that asked for it. */
function requestedIndex(command: Command): Index | undefined {
  if (command.name !== 'createIndexes') return undefined;
  const [spec] = decode(command.body)['indexes'] as BSON.Document[];
  return spec && { name: String(spec['name']), key: spec['key'] as BSON.Document };
}

async function indexOf(backend: Backend, command: Command, { message, constraint }: Refusal): Promise<Index> {
  const named = /Index '([^']+)'/.exec(message)?.[1];
  if (named === '_id_' || constraint?.startsWith('collection_pk')) return idIndex;
  const id = /_index_(\d+)$/.exec(constraint ?? '')?.[1];
  const [name, key] = await backend.row(findIndex, [command.database, command.collection, named ?? '', id ?? '']);
  if (Buffer.isBuffer(key)) return { name: String(name), key: decode(key) };
  return requestedIndex(command) ?? { name: named ?? constraint ?? '(unknown)' };
}

function valueAt(document: BSON.Document, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as BSON.Document | undefined)?.[key], document) ?? null;
}

function asText(keyValue: BSON.Document | undefined): string {
  if (!keyValue) return '(unknown)';
  const pairs = Object.entries(keyValue).map(([path, value]) => `${path}: ${BSON.EJSON.stringify(value)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** `keyPattern` and `keyValue` are there as far as the index and the refused document can be told. */
export async function describeDuplicateKey(
  backend: Backend,
  command: Command,
  refusal: Refusal,
): Promise<DuplicateKey> {
  const { name, key } = await indexOf(backend, command, refusal);
  const { refused } = refusal;
  const keyValue = refused && key && Object.fromEntries(Object.keys(key).map((path) => [path, valueAt(refused, path)]));
  const collection = `${command.database}.${command.collection}`;
  return {
    errmsg: `E11000 duplicate key error collection: ${collection} index: ${name} dup key: ${asText(keyValue)}`,
    ...(key ? { keyPattern: key } : {}),
    ...(keyValue ? { keyValue } : {}),
  };
}

/** PostgreSQL's detail of a violated exclusion constraint begins with the refused document, `=(BSONHEX…`. */
export function refusedDocument(detail: string | undefined): BSON.Document | undefined {
  const hexadecimal = /\)=\(BSONHEX([0-9a-f]+)[,)]/i.exec(detail ?? '')?.[1];
  try {
    return hexadecimal ? decode(Buffer.from(hexadecimal, 'hex')) : undefined;
  } catch {
    return undefined; // cut off, as the document is long
  }
}
