import { expect, test } from '@jest/globals';
import { lengthOfTime, timeToCome } from './time-to-come.ts';

const now = new Date('2026-11-24T17:00:00.000Z');

test.each([
  ['90d', '2027-02-22T17:00:00.000Z'],
  ['30m', '2026-11-24T17:30:00.000Z'],
  ['2027-01-01', '2027-01-01T00:00:00.000Z'],
  ['2027-01-01T12:00', '2027-01-01T12:00:00.000Z'],
  ['2027-01-01T12:00+05:00', '2027-01-01T07:00:00.000Z'],
])('when it is %s, then that moment is meant', (value, expected) => {
  expect(timeToCome(value, now).toISOString()).toBe(expected);
});

test.each(['2026-11-24', '0', '', 'soon', '7', '-1d', '2027-13-01'])(
  'when it is "%s", then it says what is expected',
  (value) => {
    expect(() => timeToCome(value, now)).toThrow(/[Ee]xpected/);
  },
);

test('when a length of time is 0, then it is none', () => {
  expect(lengthOfTime('0')).toBe(0);
  expect(lengthOfTime('24h')).toBe(86_400_000);
});
