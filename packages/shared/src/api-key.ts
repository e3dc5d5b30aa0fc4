import { createHash, randomBytes } from 'node:crypto';
import { randomId } from './random-id.ts';

/** How an API key begins, so that whoever finds one knows what it is, scanners for secrets among them. */
const beginning = 'turno';
const idLength = 12;
const secretBytes = 32;
const pattern = /^turno_([0-9a-z]{12})_([\w-]{43})$/;

/** An API key as it is made: `text` is told once, and kept nowhere. */
export interface NewApiKey {
  readonly id: string;
  readonly text: string;
  readonly hash: string;
}

/** `turno_{id}_{secret}`: the secret is 32 bytes from the cryptographic random source. */
export function newApiKey(): NewApiKey {
  const id = randomId(idLength);
  const secret = randomBytes(secretBytes).toString('base64url');
  return { id, text: [beginning, id, secret].join('_'), hash: hashOf(secret).toString('base64url') };
}

/** The id and the hash of a key as somebody sent it; undefined when it is none. */
export function readApiKey(text: string): { readonly id: string; readonly hash: Buffer } | undefined {
  const [, id, secret] = pattern.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, hash: hashOf(secret) };
}

/** 256 random bits need no slow hash: there is nothing to guess. */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
