import { describe, expect, test } from '@jest/globals';
import { inGroups, type GroupOptions } from './in-groups.ts';

/** Doubles numbers, and notes which it was given together; 13 makes the whole group fail. */
function doubling(options?: GroupOptions<number>) {
  const groups: (readonly number[])[] = [];
  const double = inGroups(async (items: readonly number[]) => {
    groups.push(items);
    await Promise.resolve();
    if (items.includes(13)) throw new Error('unlucky');
    return items.map((item) => 2 * item);
  }, options);
  return { groups, double };
}

describe('inGroups', () => {
  test('when items come together, then they are worked on together, and each gets its own result', async () => {
    const { groups, double } = doubling();

    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  test('when items come while others are worked on, then they go together with the next', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const groups: (readonly number[])[] = [];
    const take = inGroups(async (items: readonly number[]) => {
      groups.push(items);
      if (groups.length === 1) await promise;
      return items;
    });
    const first = take(1);
    while (groups.length === 0) await new Promise(setImmediate);
    const others = [take(2), take(3)];
    resolve(undefined);

    expect(await Promise.all([first, ...others])).toEqual([1, 2, 3]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  test('when there are more than a group may have, then the rest follow in their order', async () => {
    const { groups, double } = doubling({ maxItems: 2 });

    await Promise.all([1, 2, 3, 4, 5].map(double));

    expect(groups).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('when groups have an order, then the items of one are in it, and each gets its own result', async () => {
    const { groups, double } = doubling({ maxItems: 3, order: (a, b) => a - b });

    expect(await Promise.all([3, 1, 4, 1, 5].map(double))).toEqual([6, 2, 8, 2, 10]);
    expect(groups).toEqual([
      [1, 3, 4],
      [1, 5],
    ]);
  });

  test('when a group may linger, then what comes in later turns joins it', async () => {
    const { groups, double } = doubling({ lingerMs: 200 });
    const first = double(1);
    await new Promise(setImmediate);

    expect(await Promise.all([first, double(2)])).toEqual([2, 4]);
    expect(groups).toEqual([[1, 2]]);
  });

  test('when a group may linger and is full, then it waits for nobody', async () => {
    const { groups, double } = doubling({ lingerMs: 60_000, maxItems: 2 });

    await Promise.all([1, 2].map(double));

    expect(groups).toEqual([[1, 2]]);
  });

  test('when groups are spaced, then those behind a group of several go together, and a lone one waits for nobody', async () => {
    const { groups, double } = doubling({ spacingMs: 200 });
    const oneByOne = async (items: number[]): Promise<void> => {
      const doubled: Promise<number>[] = [];
      for (const item of items) {
        doubled.push(double(item));
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      }
      await Promise.all(doubled);
    };

    await oneByOne([1, 2]);
    await Promise.all([3, 4].map(double));
    await oneByOne([5, 6]);

    expect(groups).toEqual([[1], [2], [3, 4], [5, 6]]);
  });

  test('when the work fails, then its items do, and the next ones are worked on', async () => {
    const { double } = doubling();

    await expect(double(13)).rejects.toThrow('unlucky');
    expect(await double(4)).toBe(8);
  });
});
