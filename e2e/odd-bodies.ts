import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Catalogue } from '@turno/shared';
import * as fc from 'fast-check';
import { bodyInvalid, verdictOn, type Verdict } from './contract-verdict.ts';
import type { Creation } from './fuzzed-system.ts';
import { meaningOf, oddBody, type JsonText } from './odd-json.ts';

/** A creation as it is sent, and what it must be answered. */
export interface OddBody extends Creation {
  readonly expected: Verdict;
}

/** How a text becomes bytes, and what becomes of its meaning on the way. */
interface Writing {
  readonly write: (text: string) => Buffer;
  readonly contentType?: string | null;
  readonly contentEncoding?: string;
  readonly verdict?: Verdict;
}

const maxBytes = 16 * 1024;
/** Thousands of chunks tell nothing that hundreds do not. */
const mostChunks = 300;
const tooLarge: Verdict = ['Request body too large.'];
const unsupported: Verdict = ['Unsupported media type.'];

const utf8 = (text: string): Buffer => Buffer.from(text);
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));

const good: readonly Writing[] = [
  { write: utf8 },
  { write: utf8, contentType: 'application/json; charset=utf-8' },
  { write: utf8, contentType: 'Application/JSON;charset="UTF-8"' },
  { write: utf8, contentType: 'application/json; version=1' },
  { write: (text) => utf8(`\ufeff${text}`) },
  { write: (text) => gzipSync(text), contentEncoding: 'gzip' },
  { write: (text) => deflateSync(text), contentEncoding: 'Deflate' },
  { write: (text) => brotliCompressSync(text), contentEncoding: 'br' },
  { write: (text) => zstdCompressSync(text), contentEncoding: 'zstd' },
  { write: utf8, contentEncoding: 'identity' },
];

const broken: readonly Writing[] = [
  { write: utf16, verdict: bodyInvalid },
  {
    write: (text) => Buffer.concat([utf8(text.slice(0, -1)), utf8(',"channel":"'), Buffer.of(0xc3, 0x28), utf8('"}')]),
    verdict: bodyInvalid,
  },
  { write: (text) => Buffer.concat([Buffer.of(0xff), utf8(text)]), verdict: bodyInvalid },
  { write: () => Buffer.of(), verdict: bodyInvalid },
  { write: utf8, contentEncoding: 'gzip', verdict: bodyInvalid },
  { write: utf8, contentEncoding: 'br', verdict: bodyInvalid },
  { write: (text) => gzipSync(text), contentEncoding: 'deflate', verdict: bodyInvalid },
  { write: (text) => gzipSync(text), verdict: bodyInvalid },
  { write: (text) => cut(gzipSync(text)), contentEncoding: 'gzip', verdict: bodyInvalid },
  { write: (text) => cut(brotliCompressSync(text)), contentEncoding: 'br', verdict: bodyInvalid },
  { write: (text) => gzipSync(text + ' '.repeat(1_000_000)), contentEncoding: 'gzip', verdict: tooLarge },
];

const otherTypes = [
  ['text/plain', 'application/x-www-form-urlencoded', 'application/vnd.api+json', 'application/jsonp', 'json'],
  ['application/json, text/plain', '*/*', '', ';', 'application/', 'multipart/form-data; boundary=x', '__proto__'],
  ['latin1', 'utf-32', 'utf-7', '__proto__'].map((charset) => `application/json; charset=${charset}`),
].flat();

const ofAnotherType: readonly Writing[] = [
  otherTypes.map((contentType): Writing => ({ write: utf8, contentType, verdict: unsupported })),
  ['utf-16', 'utf-16le'].map((charset): Writing => {
    return { write: utf16, contentType: `application/json; charset=${charset}`, verdict: unsupported };
  }),
  ['compress', 'gzip, gzip', 'constructor'].map((contentEncoding): Writing => {
    return { write: utf8, contentEncoding, verdict: unsupported };
  }),
  [{ write: utf8, contentType: null, verdict: unsupported }],
].flat();

/** A text that fills so many bytes, by white space before its end: what it means stays the same. */
function padded(text: JsonText, bytes: number | undefined): JsonText {
  return bytes === undefined ? text : ' '.repeat(Math.max(0, bytes - Buffer.byteLength(text))) + text;
}

/** Bodies of creations: as JSON is written mostly, else in all the ways in which it is not. */
export function oddBodies(network: Catalogue): fc.Arbitrary<OddBody> {
  return fc
    .record({
      text: oddBody(network),
      size: fc.option(fc.constantFrom(maxBytes - 1, maxBytes, maxBytes + 1), { nil: undefined, freq: 20 }),
      writing: fc.oneof(
        { weight: 12, arbitrary: fc.constant(good[0]!) },
        ...[good, broken, ofAnotherType].map((some) => ({ weight: 2, arbitrary: fc.constantFrom(...some) })),
      ),
      chunkSize: fc.option(fc.constantFrom(1, 7, 1_000, 100_000), { nil: undefined, freq: 8 }),
    })
    .map(({ text, size, writing, chunkSize }) => {
      const whole = padded(text, size);
      const { write, contentType = 'application/json', contentEncoding, verdict } = writing;
      const body = write(whole);
      const headers = { 'Content-Type': contentType, 'Content-Encoding': contentEncoding };
      return {
        headers: Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === 'string'),
        body,
        chunkSize: chunkSize && Math.max(chunkSize, Math.ceil(body.length / mostChunks)),
        expected: expectedOf(whole, body, verdict, network),
      };
    });
}

/** By the contract a type that is not taken comes first, then the size, then what is in it. */
function expectedOf(text: JsonText, bytes: Buffer, verdict: Verdict | undefined, network: Catalogue): Verdict {
  if (verdict === unsupported) return verdict;
  // What is said to be compressed and is not may fail as either.
  if (bytes.length > maxBytes || Buffer.byteLength(text) > maxBytes)
    return verdict ? [...verdict, ...tooLarge] : tooLarge;
  if (verdict) return verdict;
  const meaning = meaningOf(text);
  return meaning ? verdictOn(meaning.value, network) : bodyInvalid;
}
