import { expect, test } from '@jest/globals';
import { since } from './since.ts';

const now = new Date('2026-11-24T17:00:00.000Z');

test.each([
  ['30m', '2026-11-24T16:30:00.000Z'],
  ['2h', '2026-11-24T15:00:00.000Z'],
  ['7d', '2026-11-17T17:00:00.000Z'],
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24T16:00', '2026-11-24T16:00:00.000Z'],
  ['2026-11-24T16:00:30Z', '2026-11-24T16:00:30.000Z'],
  ['2026-11-24T11:00-05:00', '2026-11-24T16:00:00.000Z'],
])('when somebody types %s, then it is %s', (value, moment) => {
  expect(since(value, now).toISOString()).toBe(moment);
});

test.each(['', 'yesterday', '2', '7w', '2026-13-45', '24/11/2026', '12'])(
  'when somebody types "%s", then it teaches how a moment is typed',
  (value) => {
    expect(() => since(value, now)).toThrow('Expected is 30m, 2h, 7d');
  },
);
