import { describe, expect, test } from '@jest/globals';
import type { Branch } from '@turno/shared';
import { distanceTo, isWithin } from './geography.ts';

const at = (latitude: number, longitude: number) => ({ latitude, longitude }) as Branch;

describe('branches by distance', () => {
  test.each([
    ['in one city', at(-12.05, -77.04), [at(-12.06, -77.05), at(-12.05, -77.1), at(-12.4, -77.0)]],
    ['on both sides of the date line', at(-15, 179), [at(-15, -179), at(-15, 176), at(-15, 0)]],
    ['around a pole', at(89, 0), [at(89, 180), at(80, 0), at(0, 0)]],
  ])('when they are %s, then the nearest comes first', (_where, from, expected) => {
    expect(expected.toReversed().toSorted(distanceTo(from))).toEqual(expected);
  });
});

describe('a box', () => {
  test.each([
    ['nothing is given', {}, at(1, 1), true],
    ['it is on the southern side', { min_latitude: 1 }, at(1, 0), true],
    ['it is south of it', { min_latitude: 1 }, at(0.99, 0), false],
    ['it is north of it', { max_latitude: 1 }, at(1.01, 0), false],
    ['it is west of it', { min_longitude: 10 }, at(0, 9), false],
    ['it is east of it', { max_longitude: 10 }, at(0, 11), false],
    [
      'the box crosses the date line, and it is west of that',
      { min_longitude: 170, max_longitude: -170 },
      at(0, 175),
      true,
    ],
    [
      'the box crosses the date line, and it is east of that',
      { min_longitude: 170, max_longitude: -170 },
      at(0, -175),
      true,
    ],
    [
      'the box crosses the date line, and it is elsewhere',
      { min_longitude: 170, max_longitude: -170 },
      at(0, 0),
      false,
    ],
  ])('when %s, then that decides', (_when, box, position, expected) => {
    expect(isWithin(position, box)).toBe(expected);
  });
});
