/** MongoDB's wire protocol as far as drivers use it today: OP_MSG, and OP_QUERY for the first greeting. */

export interface Request {
  readonly requestId: number;
  readonly opCode: number;
  /** The command, BSON. */
  readonly body: Buffer;
  /** Lists of documents sent beside the command, by the argument's name; the documents one after the other. */
  readonly sequences: ReadonlyMap<string, Buffer>;
  /** An unacknowledged write: must not be answered. */
  readonly expectsNoReply: boolean;
}

export const opMsg = 2013;
export const opQuery = 2004;
const opReply = 1;
const headerSize = 16;
const flagChecksum = 1;
const flagMoreToCome = 2;
/** What `hello` announces, and more than any driver sends. */
const maxMessageSize = 48_000_000 + headerSize;

/** Cuts a stream of bytes into messages. Long messages are put together once, not with every piece that arrives. */
export class MessageReader {
  #pieces: Buffer[] = [];
  #length = 0;

  /** The messages that are complete with this piece. Throws if the stream can't be this protocol. */
  *push(piece: Buffer): Generator<Buffer> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    for (let size = this.#nextSize(); size !== undefined && this.#length >= size; size = this.#nextSize()) {
      const all = this.#join();
      this.#pieces = all.length > size ? [all.subarray(size)] : [];
      this.#length -= size;
      yield all.subarray(0, size);
    }
  }

  #nextSize(): number | undefined {
    if (this.#length < headerSize) return undefined;
    if ((this.#pieces[0]?.length ?? 0) < headerSize) this.#join();
    const size = this.#pieces[0]?.readInt32LE(0) ?? 0;
    if (size < headerSize || size > maxMessageSize) throw new Error(`a message cannot have ${size} bytes`);
    return size;
  }

  #join(): Buffer {
    const [first] = this.#pieces;
    const all = this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}

function parseSections(message: Buffer): Pick<Request, 'body' | 'sequences' | 'expectsNoReply'> {
  const flags = message.readUInt32LE(headerSize);
  const end = message.length - (flags & flagChecksum ? 4 : 0);
  const sequences = new Map<string, Buffer>();
  let body: Buffer | undefined;
  let at = headerSize + 4;
  while (at < end) {
    const kind = message[at];
    const start = at + 1;
    at = start + message.readInt32LE(start);
    if (kind === 0) {
      body = message.subarray(start, at);
    } else if (kind === 1) {
      const zero = message.indexOf(0, start + 4);
      sequences.set(message.toString('latin1', start + 4, zero), message.subarray(zero + 1, at));
    } else {
      throw new Error(`OP_MSG section kind ${kind} is not known`);
    }
  }
  if (!body) throw new Error('OP_MSG without a command');
  return { body, sequences, expectsNoReply: (flags & flagMoreToCome) !== 0 };
}

/** Throws for operations no current driver sends. */
export function parseRequest(message: Buffer): Request {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === opMsg) return { requestId, opCode, ...parseSections(message) };
  if (opCode === opQuery) {
    // Flags, the collection's name as a C string, skip, limit, then the query.
    const body = message.subarray(message.indexOf(0, headerSize + 4) + 9);
    return { requestId, opCode, body, sequences: new Map(), expectsNoReply: false };
  }
  throw new Error(`operation ${opCode} is not supported`);
}

/** The answer to a request, in the form the request came in. */
export function encodeReply({ requestId, opCode }: Pick<Request, 'requestId' | 'opCode'>, body: Buffer): Buffer {
  const asReply = opCode === opQuery;
  const prefix = asReply ? 36 : 21;
  const message = Buffer.allocUnsafe(prefix + body.length);
  message.fill(0, 0, prefix);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 8);
  message.writeInt32LE(asReply ? opReply : opMsg, 12);
  if (asReply) {
    message.writeInt32LE(8, headerSize); // flags: await capable
    message.writeInt32LE(1, 32); // one document
  }
  body.copy(message, prefix);
  return message;
}
