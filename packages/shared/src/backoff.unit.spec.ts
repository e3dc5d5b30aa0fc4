import { describe, expect, test } from '@jest/globals';
import { fullJitter } from './backoff.ts';

function draw(attempt: number, limits?: { baseMs?: number; maxMs?: number }): number[] {
  return Array.from({ length: 2_000 }, () => fullJitter(attempt, limits));
}

describe('fullJitter', () => {
  test.each([
    [1, 100],
    [2, 200],
    [5, 1_600],
    [6, 2_000],
    [1_000, 2_000],
    [100_000, 2_000],
  ])('when it is attempt %i, then the delay is anywhere from 0 to %i ms', (attempt, cap) => {
    const delays = draw(attempt);

    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...delays)).toBeLessThan(cap * 0.05);
    expect(Math.max(...delays)).toBeGreaterThan(cap * 0.95);
    expect(Math.max(...delays)).toBeLessThan(cap);
  });

  test('when base and maximum are given, then they hold', () => {
    expect(Math.max(...draw(1, { baseMs: 10, maxMs: 20 }))).toBeLessThan(10);
    expect(Math.max(...draw(9, { baseMs: 10, maxMs: 20 }))).toBeLessThan(20);
  });
});
