import { BSON } from 'bson';
import type { Backend } from './backend.ts';
import { bsonType, findElement, slice } from './bson-scan.ts';
import { decode, type Command } from './command.ts';
import { duplicateKey, errorCodeOf, unpackSqlState, type ErrorCode } from './error-codes.ts';

/** A reply that tells the driver to throw. */
export function failureReply({ code, codeName }: ErrorCode, errmsg: string, more: object = {}): BSON.Document {
  return { ok: 0, errmsg, code, codeName, ...more };
}

interface Duplicate {
  readonly errmsg: string;
  readonly keyPattern?: BSON.Document;
  readonly keyValue?: BSON.Document;
}

const indexKeys = `
  select (i.index_spec).index_key::bytea
  from documentdb_api_catalog.collection_indexes i join documentdb_api_catalog.collections c using (collection_id)
  where c.database_name = $1 and c.collection_name = $2 and (i.index_spec).index_name = $3`;

async function keyPatternOf(backend: Backend, command: Command, index: string): Promise<BSON.Document | undefined> {
  if (index === '_id_') return { _id: 1 };
  try {
    const [key] = await backend.row(indexKeys, [command.database, command.collection, index]);
    return Buffer.isBuffer(key) ? decode(key) : undefined;
  } catch {
    return undefined;
  }
}

function valueAt(document: BSON.Document, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as BSON.Document | undefined)?.[key], document) ?? null;
}

/** What MongoDB says of a duplicate: the index, its key, and, where the refused document is known, the value that is there twice. */
async function describeDuplicate(
  backend: Backend,
  command: Command,
  message: string,
  refused: BSON.Document | undefined,
): Promise<Duplicate> {
  const index = /[Ii]ndex '([^']+)'|[Ii]ndex "([^"]+)"/.exec(message)?.slice(1).find(Boolean) ?? '_id_';
  const keyPattern = await keyPatternOf(backend, command, index);
  const keyValue =
    refused && keyPattern && Object.fromEntries(Object.keys(keyPattern).map((path) => [path, valueAt(refused, path)]));
  const key = keyValue ? BSON.EJSON.stringify(keyValue) : '(unknown)';
  const collection = `${command.database}.${command.collection}`;
  return {
    errmsg: `E11000 duplicate key error collection: ${collection} index: ${index} dup key: ${key}`,
    ...(keyPattern ? { keyPattern } : {}),
    ...(keyValue ? { keyValue } : {}),
  };
}

/** The reply to a command whose SQL function threw. */
export async function sqlFailure(backend: Backend, command: Command, error: unknown): Promise<BSON.Document> {
  const { code: sqlState, message } = error as { code?: string; message: string };
  const code = errorCodeOf(sqlState);
  if (code.code !== duplicateKey.code) return failureReply(code, message);
  const { errmsg, ...more } = await describeDuplicate(backend, command, message, undefined);
  return failureReply(code, errmsg, more);
}

/** The document of an insert at that place. */
function insertedDocument(command: Command, index: number): BSON.Document | undefined {
  if (command.name !== 'insert') return undefined;
  const sequence = command.sequences.get('documents');
  if (sequence) {
    let at = 0;
    for (let skip = index; skip > 0; skip -= 1) at += sequence.readInt32LE(at);
    return decode(sequence.subarray(at, at + sequence.readInt32LE(at)));
  }
  const documents = findElement(command.body, 'documents');
  return documents && (decode(slice(command.body, documents))[index] as BSON.Document | undefined);
}

/** DocumentDB numbers write errors by its packed SQLSTATEs; drivers and their users know MongoDB's numbers. */
export async function withMongoWriteErrors(
  backend: Backend,
  command: Command,
  reply: Buffer,
): Promise<Buffer | BSON.Document> {
  const writeErrors = findElement(reply, 'writeErrors');
  if (writeErrors?.type !== bsonType.array) return reply;
  const decoded = decode(reply);
  for (const error of decoded['writeErrors'] as BSON.Document[]) {
    const { code } = errorCodeOf(unpackSqlState(Number(error['code'])));
    error['code'] = code;
    if (code === duplicateKey.code) {
      const refused = insertedDocument(command, Number(error['index']));
      Object.assign(error, await describeDuplicate(backend, command, String(error['errmsg']), refused));
    }
  }
  return decoded;
}
