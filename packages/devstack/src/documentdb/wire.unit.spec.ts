import { describe, expect, it } from '@jest/globals';
import { BSON } from 'bson';
import { encodeReply, MessageReader, opMsg, opQuery, parseRequest } from './wire.ts';

const bytes = (document: object) => Buffer.from(BSON.serialize(document));

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

function message(opCode: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([int32(16 + content.length), int32(7), int32(0), int32(opCode), content]);
}

const section = (kind: number, content: Buffer) => Buffer.concat([Buffer.from([kind]), content]);

function sequence(name: string, documents: object[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(bytes)]);
  return Buffer.concat([int32(4 + content.length), content]);
}

const ping = message(opMsg, int32(0), section(0, bytes({ ping: 1, $db: 'admin' })));

function collect(pieces: Buffer[]): Buffer[] {
  const reader = new MessageReader();
  return pieces.flatMap((piece) => [...reader.push(piece)]);
}

describe('a stream of messages', () => {
  it('is cut where messages end, however it arrives', () => {
    const stream = Buffer.concat([ping, ping, ping]);
    for (const size of [1, 5, 17, ping.length, ping.length + 3, stream.length]) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
        stream.subarray(i * size, (i + 1) * size),
      );
      expect(collect(pieces)).toEqual([ping, ping, ping]);
    }
  });

  it('is refused when a length cannot be true', () => {
    expect(() => collect([Buffer.from('GET / HTTP/1.1\r\n\r\n')])).toThrow('a message cannot have');
  });
});

describe('a request', () => {
  it('has a command', () => {
    const { body, requestId, expectsNoReply } = parseRequest(ping);
    expect(BSON.deserialize(body)).toEqual({ ping: 1, $db: 'admin' });
    expect({ requestId, expectsNoReply }).toEqual({ requestId: 7, expectsNoReply: false });
  });

  it('may bring documents beside the command', () => {
    const documents = [{ _id: 1 }, { _id: 2, text: 'two' }];
    const request = parseRequest(
      message(opMsg, int32(0), section(1, sequence('documents', documents)), section(0, bytes({ insert: 'c' }))),
    );
    expect(BSON.deserialize(request.body)).toEqual({ insert: 'c' });
    expect(request.sequences.get('documents')).toEqual(Buffer.concat(documents.map(bytes)));
  });

  it('may end with a checksum, and may want no answer', () => {
    const flags = int32(0b11);
    const request = parseRequest(message(opMsg, flags, section(0, bytes({ insert: 'c' })), int32(12345)));
    expect(request.expectsNoReply).toBe(true);
    expect(BSON.deserialize(request.body)).toEqual({ insert: 'c' });
  });

  it('may be a greeting in the old form, answered in that form', () => {
    const greeting = message(
      opQuery,
      int32(0),
      Buffer.from('admin.$cmd\0'),
      int32(0),
      int32(-1),
      bytes({ isMaster: 1 }),
    );
    const request = parseRequest(greeting);
    const reply = encodeReply(request, bytes({ ok: 1 }));
    expect(BSON.deserialize(request.body)).toEqual({ isMaster: 1 });
    expect({ opCode: reply.readInt32LE(12), to: reply.readInt32LE(8), documents: reply.readInt32LE(32) }).toEqual({
      opCode: 1,
      to: 7,
      documents: 1,
    });
    expect(BSON.deserialize(reply.subarray(36))).toEqual({ ok: 1 });
  });

  it('must be an operation that is known', () => {
    expect(() => parseRequest(message(2012, int32(0)))).toThrow('operation 2012 is not supported');
  });
});

describe('a reply', () => {
  it('can be read like a message', () => {
    const reply = encodeReply({ requestId: 7, opCode: opMsg }, bytes({ ok: 1, n: 3 }));
    expect([...new MessageReader().push(reply)]).toEqual([reply]);
    expect(BSON.deserialize(parseRequest(reply).body)).toEqual({ ok: 1, n: 3 });
    expect(reply.readInt32LE(8)).toBe(7);
  });
});
