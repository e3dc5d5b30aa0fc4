import { describe, expect, test } from '@jest/globals';
import { SharedPause } from './shared-pause.ts';

const lengths = { baseMs: 1, maxMs: 1 };

/** How long a pause took, in milliseconds; a timer may be a moment early. */
async function lasted(pause: Promise<void>): Promise<number> {
  const began = performance.now();
  await pause;
  return performance.now() - began + 1;
}

describe('a pause', () => {
  test('when somebody asks for more than its length, then it lasts that long', async () => {
    const told: number[] = [];

    expect(await lasted(new SharedPause(lengths).wait((ms) => told.push(ms), 40))).toBeGreaterThanOrEqual(40);

    expect(told).toEqual([40]);
  });

  test('when somebody asks for more while it lasts, then it is longer for all', async () => {
    const pause = new SharedPause(lengths);

    const first = lasted(pause.wait(() => undefined, 10));
    const second = lasted(pause.wait(() => undefined, 50));

    expect(Math.min(await first, await second)).toBeGreaterThanOrEqual(50);
  });

  test('when somebody asks for less while it lasts, then it is no shorter', async () => {
    const pause = new SharedPause(lengths);

    const first = lasted(pause.wait(() => undefined, 50));
    const second = lasted(pause.wait(() => undefined, 1));

    expect(Math.min(await first, await second)).toBeGreaterThanOrEqual(50);
  });

  test('when somebody asks for hours, then it is told to last a quarter of one, which the broker bears', () => {
    const told: number[] = [];
    const pause = new SharedPause(lengths);

    void pause.wait((ms) => told.push(ms), 36_000_000);
    pause.end();

    expect(told).toEqual([900_000]);
  });

  test('when it is ended, then whoever waits goes on at once', async () => {
    const pause = new SharedPause(lengths);
    const waiting = lasted(pause.wait(() => undefined, 60_000));

    pause.end();

    expect(await waiting).toBeLessThan(1_000);
  });
});
