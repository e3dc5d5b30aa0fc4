import type { Framing } from './frames.ts';

/** A protocol, as far as its operations can be told from its frames. */
export interface Protocol {
  /** Of a URL that names none. */
  readonly defaultPort: number;
  readonly framing: Framing;
  /** Of a stream from a client; that of a server has none. */
  readonly greetingBytes: number;
  /** The operation that a client asks for with a frame, if it is one that counts. */
  readonly fromClient: (frame: Buffer) => string | undefined;
  /** What a server does with a frame, if it counts. */
  readonly fromServer: (frame: Buffer) => string | undefined;
}

const opMsg = 2013;
/** Connections, their health and their end: no work on data. */
const housekeeping = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions', 'buildInfo']);

/**
 * MongoDB's wire protocol: commands by their names.
 *
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export const mongoProtocol: Protocol = {
  defaultPort: 27_017,
  framing: { headerBytes: 16, size: (header) => header.readInt32LE(0) },
  greetingBytes: 0,
  fromClient: (frame) => {
    if (frame.readInt32LE(12) !== opMsg) return undefined;
    // Header, flags, the kind of the first section (0: the command), its length, the type of its first element.
    const name = frame.toString('latin1', 26, frame.indexOf(0, 26));
    return housekeeping.has(name) ? undefined : name;
  },
  fromServer: () => undefined,
};

const methodFrame = 1;
const basic = 60;
const clientMethods = new Map([
  [40, 'publish'],
  [70, 'get'],
  [80, 'ack'],
  [90, 'reject'],
  [120, 'nack'],
]);
const serverMethods = new Map([
  [50, 'return'],
  [60, 'deliver'],
  [80, 'confirm'],
  [120, 'negative confirm'],
]);

/**
 * AMQP 0-9-1: what is done with messages. One `ack` or `confirm` may stand for several.
 *
 * @see https://www.rabbitmq.com/amqp-0-9-1-reference
 */
export const amqpProtocol: Protocol = {
  defaultPort: 5_672,
  framing: { headerBytes: 7, size: (header) => header.readUInt32BE(3) + 8 },
  // "AMQP" and the version.
  greetingBytes: 8,
  fromClient: (frame) => clientMethods.get(methodOf(frame)),
  fromServer: (frame) => serverMethods.get(methodOf(frame)),
};

function methodOf(frame: Buffer): number {
  return frame[0] === methodFrame && frame.readUInt16BE(7) === basic ? frame.readUInt16BE(9) : 0;
}
