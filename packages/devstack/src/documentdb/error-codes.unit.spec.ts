import { describe, expect, it } from '@jest/globals';
import { errorCodeOf, unpackSqlState } from './error-codes.ts';
import { refusedDocument } from './duplicate-key.ts';

function pack(state: string): number {
  return Array.from(state).reduce(
    (sum, character, place) => sum + ((character.charCodeAt(0) - 48) & 63) * 64 ** place,
    0,
  );
}

describe('the number of an error', () => {
  it('is unpacked into the SQLSTATE PostgreSQL packed it from', () => {
    for (const state of ['M001C', '23505', 'M00EY']) expect(unpackSqlState(pack(state))).toBe(state);
  });

  it.each([
    ['M001C', 11_000, 'DuplicateKey'],
    ['23P01', 11_000, 'DuplicateKey'],
    ['40001', 112, 'WriteConflict'],
    ['M0008', 26, 'NamespaceNotFound'],
  ])('is for %s the one MongoDB has: %d', (state, code, codeName) => {
    expect(errorCodeOf(state)).toEqual({ code, codeName });
  });

  it('is that of an internal error for what MongoDB does not know', () => {
    expect(errorCodeOf('XX000').code).toBe(1);
    expect(errorCodeOf(undefined).code).toBe(1);
  });
});

describe('the document a unique index refused', () => {
  it('is read from what PostgreSQL says of it', () => {
    const detail = 'Key (document, f(x))=(BSONHEX0c000000106b000100000000, BSONHEX00) conflicts with existing key …';
    expect(refusedDocument(detail)).toEqual({ k: 1 });
  });

  it('is not known when that is cut off', () => {
    expect(refusedDocument('Key (document)=(BSONHEX0c000000106b00)')).toBeUndefined();
    expect(refusedDocument(undefined)).toBeUndefined();
  });
});
