/** One element of a BSON document, found without decoding it. `start` and `end` delimit its value in the buffer. */
export interface Element {
  readonly type: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export const bsonType = {
  string: 0x02,
  document: 0x03,
  array: 0x04,
  int32: 0x10,
  int64: 0x12,
  double: 0x01,
  bool: 0x08,
} as const;

const fixedSizes: Readonly<Record<number, number>> = {
  0x01: 8, // double
  0x06: 0, // undefined
  0x07: 12, // ObjectId
  0x08: 1, // boolean
  0x09: 8, // date
  0x0a: 0, // null
  0x10: 4, // int32
  0x11: 8, // timestamp
  0x12: 8, // int64
  0x13: 16, // decimal128
  0x7f: 0, // max key
  0xff: 0, // min key
};

const isCountedString = (type: number) => type === 0x02 || type === 0x0d || type === 0x0e;
/** Document, array, code with scope: their length counts itself. */
const isCountedWhole = (type: number) => type === 0x03 || type === 0x04 || type === 0x0f;

function valueEnd(bytes: Buffer, type: number, start: number): number {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return start + fixed;
  if (isCountedString(type)) return start + 4 + bytes.readInt32LE(start);
  if (isCountedWhole(type)) return start + bytes.readInt32LE(start);
  if (type === 0x05) return start + 5 + bytes.readInt32LE(start); // binary: length, subtype
  if (type === 0x0c) return start + 4 + bytes.readInt32LE(start) + 12; // DBPointer
  if (type === 0x0b) return bytes.indexOf(0, bytes.indexOf(0, start) + 1) + 1; // regular expression: two C strings
  throw new Error(`BSON type ${type} is not known`);
}

/** The elements of a document from the outside: nested documents are skipped, whatever their size. */
export function* elements(bytes: Buffer, offset = 0): Generator<Element> {
  const end = offset + bytes.readInt32LE(offset) - 1;
  let at = offset + 4;
  while (at < end) {
    const type = bytes[at] ?? 0;
    const zero = bytes.indexOf(0, at + 1);
    const start = zero + 1;
    const next = valueEnd(bytes, type, start);
    yield { type, name: bytes.toString('latin1', at + 1, zero), start, end: next };
    at = next;
  }
}

export function findElement(bytes: Buffer, name: string): Element | undefined {
  for (const element of elements(bytes)) if (element.name === name) return element;
  return undefined;
}

/** The string of an element of type string. */
export function readString(bytes: Buffer, { start, end }: Element): string {
  return bytes.toString('utf8', start + 4, end - 1);
}

/** The bytes of an element's value; for a document or an array, a BSON document of its own. */
export function slice(bytes: Buffer, { start, end }: Element): Buffer {
  return bytes.subarray(start, end);
}

/** The document without these outermost elements. Gives the same buffer if it has none of them. */
export function without(bytes: Buffer, names: ReadonlySet<string>): Buffer {
  const kept: Buffer[] = [];
  let removed = false;
  let at = 4;
  for (const { name, end } of elements(bytes)) {
    if (names.has(name)) removed = true;
    else kept.push(bytes.subarray(at, end));
    at = end;
  }
  return removed ? asDocument(kept) : bytes;
}

/** A document of encoded elements. */
export function asDocument(encoded: readonly Buffer[]): Buffer {
  const document = Buffer.concat([Buffer.alloc(4), ...encoded, Buffer.alloc(1)]);
  document.writeInt32LE(document.length, 0);
  return document;
}
