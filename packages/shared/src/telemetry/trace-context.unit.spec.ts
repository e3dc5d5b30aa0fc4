import { describe, expect, test } from '@jest/globals';
import { isRecorded, traceContext, traceIdOf, unrecordedTrace } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

describe('what somebody sends as a trace', () => {
  test.each([
    [traceparent, true],
    [`00-${traceId}-00f067aa0ba902b7-00`, false],
    [`cc-${traceId}-00f067aa0ba902b7-03-what-a-later-version-adds`, true],
  ])('when it is %s, then it is taken, and recorded: %s', (sent, recorded) => {
    const taken = traceContext(sent)!;

    expect([traceIdOf(taken), isRecorded(taken)]).toEqual([traceId, recorded]);
    expect(taken.traceparent).toMatch(/^00-[0-9a-f]{32}-00f067aa0ba902b7-0[0-3]$/);
  });

  test.each([
    [undefined],
    [7],
    [''],
    [`${traceparent}-more`],
    [`ff-${traceId}-00f067aa0ba902b7-01`],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [traceparent.toUpperCase()],
    [`${traceparent}, ${traceparent}`],
    [`cc-${traceId}-00f067aa0ba902b7-01.more`],
  ])('when it is %p, then it is none', (sent) => {
    expect(traceContext(sent)).toBeUndefined();
  });

  test.each([
    ['vendor=value', 'vendor=value'],
    ['x'.repeat(513), undefined],
    ['line\nbreak', undefined],
    [['a=1'], undefined],
  ])('when its state is %p, then %p goes on', (sent, goesOn) => {
    expect(traceContext(traceparent, sent)?.tracestate).toBe(goesOn);
  });
});

test('when nobody has begun a trace, then ours has an id of its own each time, and is not recorded', () => {
  const ours = Array.from({ length: 1_000 }, unrecordedTrace);

  expect(new Set(ours.map(traceIdOf)).size).toBe(1_000);
  expect(ours.every((trace) => traceContext(trace.traceparent) && !isRecorded(trace))).toBe(true);
});
