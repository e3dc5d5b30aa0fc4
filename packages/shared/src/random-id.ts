import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Bytes at or above this would make the first letters of the alphabet likelier than the last. */
const unbiased = 256 - (256 % alphabet.length);

/** Drawn ahead, since asking the system for 16 bytes costs nearly as much as for 4,096. Each byte is used once. */
const pool = new Uint8Array(4_096);
let used = pool.length;

/** An id of lower-case letters and digits from the cryptographic random source; 16 characters hold 82 bits. */
export function randomId(length = 16): string {
  let id = '';
  while (id.length < length) {
    const byte = randomByte();
    if (byte < unbiased) id += alphabet[byte % alphabet.length];
  }
  return id;
}

function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++]!;
}
