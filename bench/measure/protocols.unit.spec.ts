import { describe, expect, test } from '@jest/globals';
import { FrameReader } from './frames.ts';
import { amqpProtocol, mongoProtocol } from './protocols.ts';

/** An OP_MSG of a command on a collection, as drivers send it. */
function mongoCommand(name: string): Buffer {
  const element = Buffer.concat([Buffer.of(2), Buffer.from(`${name}\0`), Buffer.of(2, 0, 0, 0), Buffer.from('t\0')]);
  const document = Buffer.concat([Buffer.alloc(4), element, Buffer.of(0)]);
  document.writeInt32LE(document.length);
  const message = Buffer.concat([Buffer.alloc(21), document]);
  message.writeInt32LE(message.length);
  message.writeInt32LE(2013, 12);
  return message;
}

function amqpMethod(classId: number, methodId: number, argumentBytes = 3): Buffer {
  const frame = Buffer.alloc(7 + 4 + argumentBytes + 1);
  frame[0] = 1;
  frame.writeUInt32BE(4 + argumentBytes, 3);
  frame.writeUInt16BE(classId, 7);
  frame.writeUInt16BE(methodId, 9);
  frame[frame.length - 1] = 0xce;
  return frame;
}

/** What is counted of a stream that arrives in pieces of a size. */
function counted(protocol: typeof mongoProtocol, stream: Buffer, pieceBytes: number): (string | undefined)[] {
  const seen: (string | undefined)[] = [];
  const framing = { ...protocol.framing, greetingBytes: protocol.greetingBytes };
  const reader = new FrameReader(framing, (frame) => seen.push(protocol.fromClient(frame)));
  for (let at = 0; at < stream.length; at += pieceBytes) reader.push(stream.subarray(at, at + pieceBytes));
  return seen.filter((name) => name !== undefined);
}

describe('operations on the wire', () => {
  test.each([1, 7, 1_000])(
    'when a stream to the database comes in pieces of %i bytes, then its commands are counted',
    (size) => {
      const stream = Buffer.concat(['hello', 'insert', 'ping', 'find', 'insert'].map(mongoCommand));

      expect(counted(mongoProtocol, stream, size)).toEqual(['insert', 'find', 'insert']);
    },
  );

  test.each([1, 7, 1_000])(
    'when a stream to the broker comes in pieces of %i bytes, then its methods are counted',
    (size) => {
      const content = amqpMethod(60, 0);
      content[0] = 2;
      const frames = [amqpMethod(10, 11), amqpMethod(60, 40), content, amqpMethod(60, 80), amqpMethod(50, 10)];
      const stream = Buffer.concat([Buffer.from('AMQP\0\0\x09\x01', 'latin1'), ...frames]);

      expect(counted(amqpProtocol, stream, size)).toEqual(['publish', 'ack']);
    },
  );

  test('when the broker acknowledges, then that is a confirm', () => {
    expect(amqpProtocol.fromServer(amqpMethod(60, 80))).toBe('confirm');
  });
});
