import { describe, expect, test } from '@jest/globals';
import { randomId } from './random-id.ts';

describe('randomId', () => {
  test('when no length is asked for, then it has 16 lower-case letters and digits', () => {
    expect(randomId()).toMatch(/^[0-9a-z]{16}$/);
  });

  test.each([1, 8, 24, 300])('when %i characters are asked for, then it has that many', (length) => {
    expect(randomId(length)).toHaveLength(length);
  });

  test('when many are made, then no two are the same', () => {
    const ids = Array.from({ length: 10_000 }, () => randomId());

    expect(new Set(ids).size).toBe(ids.length);
  });

  test('when ids of several lengths are drawn in turn, then no stretch of one comes again in any', () => {
    const drawn = Array.from({ length: 8_000 }, (_, i) => randomId(8 + (i % 17))).join('');

    const stretches = new Set(Array.from({ length: drawn.length - 11 }, (_, start) => drawn.slice(start, start + 12)));

    expect(stretches.size).toBe(drawn.length - 11);
  });

  test('when many characters are drawn, then each of the 36 comes about equally often', () => {
    const counts = new Map<string, number>();
    for (const letter of randomId(360_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);

    // 10,000 each, a standard deviation of 99: six of them off happens once in 500 million runs.
    expect(counts.size).toBe(36);
    expect(Math.min(...counts.values())).toBeGreaterThan(9_400);
    expect(Math.max(...counts.values())).toBeLessThan(10_600);
  });
});
