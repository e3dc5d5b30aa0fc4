import { expect, test } from '@jest/globals';
import { WatchedPart } from './watched-part.ts';

let now: number;

/** A part whose readings are the given ones, one after the other; an error is a reading that fails. */
function partOf(...readings: (string | Error)[]) {
  now = 1_000;
  const read = async () => {
    const reading = readings.shift()!;
    if (reading instanceof Error) throw reading;
    return reading;
  };
  return new WatchedPart({ read, everyMs: 2_000, now: () => now });
}

test('when it was read, then it is not read again before it is time, unless it is expired', async () => {
  const part = partOf('first', 'second', 'third');

  await part.refresh();
  now += 1_999;
  await part.refresh();
  expect(part.part).toEqual({ value: 'first', at: 1_000 });
  now += 1;
  await part.refresh();
  expect(part.part.value).toBe('second');
  part.expire();
  await part.refresh();
  expect(part.part.value).toBe('third');
});

test('when it fails, then its last value stays with why and since when, until it is read again', async () => {
  const part = partOf('first', new Error('no answer'), new Error('no broker'), 'second');

  for (let i = 0; i < 3; i++) {
    await part.refresh();
    now += 2_000;
  }
  expect(part.part).toEqual({ value: 'first', at: 1_000, failing: { since: 3_000, why: 'no broker' } });
  await part.refresh();
  expect(part.part).toEqual({ value: 'second', at: 7_000 });
});
