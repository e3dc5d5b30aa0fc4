import { describe, expect, it } from '@jest/globals';
import { BSON, Binary, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { elements, findElement, readString, slice } from './bson-scan.ts';

const everything = {
  string: 'añb',
  document: { a: { b: 1 } },
  array: [1, 'two', { three: 3 }],
  binary: new Binary(Buffer.from('bytes')),
  id: new ObjectId(),
  yes: true,
  date: new Date(),
  nothing: null,
  pattern: /a.*b/i,
  code: new Code('x'),
  scoped: new Code('x', { y: 1 }),
  int: new Int32(1),
  timestamp: new Timestamp({ t: 1, i: 2 }),
  long: Long.fromNumber(2 ** 40),
  decimal: Decimal128.fromString('1.5'),
  double: new Double(1.5),
  least: new MinKey(),
  most: new MaxKey(),
};
const bytes = Buffer.from(BSON.serialize(everything));

describe('a BSON document looked at from the outside', () => {
  it('shows its elements in order, whatever their types', () => {
    expect([...elements(bytes)].map(({ name }) => name)).toEqual(Object.keys(everything));
  });

  it('shows nothing beyond its own end', () => {
    const embedded = Buffer.concat([Buffer.alloc(5), bytes, bytes]);
    expect([...elements(embedded, 5)]).toHaveLength(Object.keys(everything).length);
  });

  it('gives strings, and documents as bytes', () => {
    const string = findElement(bytes, 'string');
    const document = findElement(bytes, 'document');
    expect(string && readString(bytes, string)).toBe('añb');
    expect(document && BSON.deserialize(slice(bytes, document))).toEqual({ a: { b: 1 } });
  });

  it('does not find what it has only further inside', () => {
    expect(findElement(bytes, 'b')).toBeUndefined();
  });
});
