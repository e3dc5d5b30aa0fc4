import { BSON } from 'bson';
import { bsonType, elements, readString } from './bson-scan.ts';
import type { Request } from './wire.ts';

/** A request with the little that has to be known of it to pass it on. */
export interface Command {
  readonly name: string;
  /** The value of the first element where it is a string: nearly always the collection. */
  readonly collection: string;
  readonly database: string;
  readonly body: Buffer;
  readonly sequences: ReadonlyMap<string, Buffer>;
  readonly isTransactional: boolean;
}

/** BSON that is passed on as it is, or a document still to be encoded. */
export type Reply = Buffer | BSON.Document;

export type Handler = (command: Command) => Reply | Promise<Reply>;

/** From the outermost elements alone; nothing is decoded. */
export function readCommand({ body, sequences }: Request): Command {
  let name = '';
  let collection = '';
  let database = 'admin';
  let isTransactional = false;
  for (const element of elements(body)) {
    if (name === '') {
      name = element.name;
      if (element.type === bsonType.string) collection = readString(body, element);
    } else if (element.name === '$db') {
      database = readString(body, element);
    } else if (element.name === 'autocommit') {
      isTransactional = true;
    }
  }
  return { name, collection, database, body, sequences, isTransactional };
}

/** The whole command, decoded. For commands that are small. */
export function decode(bytes: Buffer): BSON.Document {
  return BSON.deserialize(bytes);
}
