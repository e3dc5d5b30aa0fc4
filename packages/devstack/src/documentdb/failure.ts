import type { BSON } from 'bson';
import type { Backend } from './backend.ts';
import { bsonType, findElement, slice } from './bson-scan.ts';
import { decode, type Command, type Reply } from './command.ts';
import { describeDuplicateKey, refusedDocument } from './duplicate-key.ts';
import { backendLost, duplicateKey, errorCodeOf, unpackSqlState, type ErrorCode } from './error-codes.ts';

/** A reply that tells the driver to throw. */
export function failureReply({ code, codeName }: ErrorCode, errmsg: string, more: object = {}): BSON.Document {
  return { ok: 0, errmsg, code, codeName, ...more };
}

/** The error of a SQL statement, with the fields the pg library sets. */
interface SqlError {
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly detail?: string;
}

const lostSocket = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Whether it says that the connection to PostgreSQL is gone; the pg library has no code for one that ended. */
function isLoss({ code, message }: SqlError): boolean {
  return code === undefined ? message.startsWith('Connection terminated') : lostSocket.has(code);
}

/** The reply to a command whose SQL function threw. */
export async function sqlFailure(backend: Backend, command: Command, error: unknown): Promise<BSON.Document> {
  const { code: sqlState, message, constraint, detail } = error as SqlError;
  const code = isLoss(error as SqlError) ? backendLost : errorCodeOf(sqlState);
  if (code.code !== duplicateKey.code) return failureReply(code, message);
  const refusal = { message, constraint, refused: refusedDocument(detail) };
  const { errmsg, ...more } = await describeDuplicateKey(backend, command, refusal);
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
export async function withMongoWriteErrors(backend: Backend, command: Command, reply: Buffer): Promise<Reply> {
  const writeErrors = findElement(reply, 'writeErrors');
  if (writeErrors?.type !== bsonType.array) return reply;
  const decoded = decode(reply);
  for (const error of decoded['writeErrors'] as BSON.Document[]) {
    const { code } = errorCodeOf(unpackSqlState(Number(error['code'])));
    error['code'] = code;
    if (code === duplicateKey.code) {
      const refused = insertedDocument(command, Number(error['index']));
      const message = String(error['errmsg']);
      Object.assign(error, await describeDuplicateKey(backend, command, { message, refused }));
    }
  }
  return decoded;
}
