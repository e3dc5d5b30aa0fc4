import { describe, expect, test } from '@jest/globals';
import type { Branch, Service } from '@turno/shared';
import { congestionLevel, estimate, expectedWait } from './waiting-time.ts';

const serviceOf = (mean_minutes: number) => ({ mean_minutes }) as Service;

const branch = {
  open_counters: 2,
  deviation_minutes: 2.5,
  congestion: { medium_from: 10, high_from: 30 },
} as Branch;

describe('the golden case', () => {
  test('when one is ahead, at 25 minutes and 2 counters, then the wait is 10 to 15 minutes and congestion MEDIUM', () => {
    const wait = expectedWait(1, serviceOf(25), branch);

    expect(wait).toBe(12.5);
    expect(estimate(wait, branch)).toEqual({ low: 10, high: 15 });
    expect(congestionLevel(wait, branch)).toBe('MEDIUM');
  });
});

describe('the expected wait', () => {
  test.each([
    [0, 25, 2, 0],
    [1, 25, 1, 25],
    [9_998, 4, 3, 13_330.666_666_666_666],
  ])('when %i are ahead, at %i minutes and %i counters, then it is %d', (ahead, mean, open_counters, wait) => {
    expect(expectedWait(ahead, serviceOf(mean), { ...branch, open_counters })).toBeCloseTo(wait);
  });
});

describe('the estimates', () => {
  test.each([
    [0, 0, 3],
    [1, 0, 4],
    [2.5, 0, 5],
    [2.9, 0, 5],
    [3, 1, 6],
    [100.4, 98, 103],
  ])('when the wait is %d and the deviation 2.5, then they are %i and %i', (wait, low, high) => {
    expect(estimate(wait, branch)).toEqual({ low, high });
  });

  test('when the wait is 0, then the low one is a plain 0', () => {
    expect(String(estimate(0, branch).low)).toBe('0');
    expect(Object.is(estimate(0, { ...branch, deviation_minutes: 0 }).low, -0)).toBe(false);
  });

  test('when the branch has no deviation, then both are the wait itself', () => {
    expect(estimate(12.5, { ...branch, deviation_minutes: 0 })).toEqual({ low: 13, high: 13 });
  });
});

describe('the congestion level', () => {
  test.each([
    [0, 'LOW'],
    [9.99, 'LOW'],
    [10, 'MEDIUM'],
    [29.99, 'MEDIUM'],
    [30, 'HIGH'],
    [500, 'HIGH'],
  ])('when the wait is %d and the thresholds 10 and 30, then it is %s', (wait, level) => {
    expect(congestionLevel(wait, branch)).toBe(level);
  });
});
