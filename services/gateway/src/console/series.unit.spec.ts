import { expect, test } from '@jest/globals';
import type { CallCounts } from './measured-calls.ts';
import { CallHistory, DepthHistory, slotMs } from './series.ts';

const start = 1_000 * slotMs;
const counts = (calls: number, failed = 0): CallCounts => ({
  calls,
  failed,
  bounds: [0.01, Infinity],
  within: [calls, calls],
});

test('when counts come in, then each slot has the calls of its own, and the last one grows', () => {
  const history = new CallHistory();

  history.take(start, counts(5, 1));
  history.take(start + 2_000, counts(7, 1));
  history.take(start + slotMs, counts(10, 2));

  expect(history.series).toMatchObject({ since: start, slotMs, calls: [7, 3], failed: [1, 1] });
});

test('when slots were missed, then they are empty, and without a latency', () => {
  const history = new CallHistory();

  history.take(start, counts(5));
  history.take(start + 3 * slotMs, counts(6));

  expect(history.series.calls).toEqual([5, 0, 0, 1]);
  expect(history.series.p95.map((ms) => ms === null)).toEqual([false, true, true, false]);
});

test('when more than an hour goes by, then an hour is kept', () => {
  const history = new CallHistory();

  for (let i = 0; i <= 400; i++) history.take(start + i * slotMs, counts(i));

  expect(history.series.calls).toHaveLength(360);
  expect(history.series.since).toBe(start + 41 * slotMs);
});

test('when nobody looked for a while, then depths have a gap', () => {
  const depths = new DepthHistory();

  depths.take(start, new Map([['events', 4]]));
  depths.take(start + 2 * slotMs, new Map([['events', 2]]));

  expect(depths.series.queues).toEqual([{ name: 'events', messages: [4, null, 2] }]);
});
