import { expect, test } from '@jest/globals';
import { callsBetween, countsOf, quantileMs, type MeasuredBy } from './measured-calls.ts';

const by: MeasuredBy = {
  metric: 'calls_seconds',
  classify: ({ outcome }) => (outcome === 'ignored' ? undefined : outcome === 'ok' ? 'answered' : 'failed'),
};

/** As prom-client gives a histogram with the bounds 0.01 and 0.1. */
function histogram(series: Record<string, readonly [number, number, number]>) {
  const values = Object.entries(series).flatMap(([outcome, [first, second, all]]) => [
    { metricName: 'calls_seconds_bucket', labels: { outcome, le: 0.01 }, value: first },
    { metricName: 'calls_seconds_bucket', labels: { outcome, le: 0.1 }, value: second },
    { metricName: 'calls_seconds_bucket', labels: { outcome, le: '+Inf' }, value: all },
    { metricName: 'calls_seconds_sum', labels: { outcome }, value: 1 },
    { metricName: 'calls_seconds_count', labels: { outcome }, value: all },
  ]);
  const metric = { get: async () => ({ values }) };
  return { getSingleMetric: (name: string) => (name === 'calls_seconds' ? metric : undefined) };
}

test('when a histogram has several series, then those that count are added up, and failures are told apart', async () => {
  const counts = await countsOf(histogram({ ok: [5, 8, 8], timeout: [0, 0, 2], ignored: [9, 9, 9] }), by);

  expect(counts).toEqual({ calls: 10, failed: 2, bounds: [0.01, 0.1, Infinity], within: [5, 8, 10] });
});

test('when there is no such metric, then nothing is known', async () => {
  expect(await countsOf(histogram({}), { ...by, metric: 'other' })).toBeUndefined();
});

test('when counts are compared, then it is the calls between them, and without an earlier one all of them', () => {
  const before = { calls: 3, failed: 1, bounds: [0.01, Infinity], within: [2, 3] };
  const after = { calls: 10, failed: 2, bounds: [0.01, Infinity], within: [4, 10] };

  expect(callsBetween(before, after)).toEqual({ calls: 7, failed: 1, bounds: [0.01, Infinity], within: [2, 7] });
  expect(callsBetween(undefined, after)).toEqual(after);
});

test.each([
  ['all in the first bucket', [10, 10, 10], 0.5, 5],
  ['half in each of two buckets', [5, 10, 10], 0.75, 55],
  ['beyond the last bound', [0, 0, 10], 0.95, 100],
  ['none', [0, 0, 0], 0.5, null],
])('when calls are %s, then the quantile is estimated within the bucket', (_where, within, share, expected) => {
  expect(quantileMs({ calls: 10, failed: 0, bounds: [0.01, 0.1, Infinity], within }, share)).toBe(expected);
});
