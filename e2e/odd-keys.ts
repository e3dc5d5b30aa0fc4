import * as fc from 'fast-check';

/** A value for Idempotency-Key. */
export interface OddKey {
  /** The header, with something in it that tells it from all others when the key is a good one. */
  readonly header: (unique: number) => string;
  readonly isGood: boolean;
}

const good: readonly OddKey['header'][] = [
  (unique) => `plain-${unique}`,
  (unique) => `"quoted-${unique}"`,
  (unique) => `__proto__${unique}`,
  (unique) => `{"$gt":"${unique}"}`,
  (unique) => `"${unique}`,
  (unique) => `\\${unique}`,
  (unique) => String(unique).padStart(255, 'k'),
  (unique) => `"${String(unique).padStart(255, 'k')}"`,
];

const bad = ['', ' ', '""', 'two words', 'a, b', '\u00e9', 'k'.repeat(256), `"${'k'.repeat(256)}"`, 'a\tb'];

export const oddKeys: fc.Arbitrary<OddKey> = fc.oneof(
  fc.constantFrom(...good).map((header) => ({ header, isGood: true })),
  fc.constantFrom(...bad).map((key) => ({ header: () => key, isGood: false })),
);
