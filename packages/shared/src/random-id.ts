import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Bytes at or above this would make the first letters of the alphabet likelier than the last. */
const unbiased = 256 - (256 % alphabet.length);

/** An id of lower-case letters and digits from the cryptographic random source; 16 characters hold 82 bits. */
export function randomId(length = 16): string {
  let id = '';
  while (id.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < unbiased && id.length < length) id += alphabet[byte % alphabet.length];
    }
  }
  return id;
}
