import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupOptions<T> {
  /** Of one group. */
  readonly maxItems?: number;
  /** For what nobody waits for: so long others may still join a group that is not full, in milliseconds. */
  readonly lingerMs?: number;
  /**
   * Under load: what follows a group of several begins no sooner than so many milliseconds after it, unless it is full, and is the larger
   * for it. A lone item behind a lone one waits for nobody.
   */
  readonly spacingMs?: number;
  /**
   * The order of the items in a group; as they came without it. Where instances work on the same things and hold each until the
   * whole group is done, all need one order: else two would wait for one another.
   */
  readonly order?: (a: T, b: T) => number;
}

/** An order of texts that is the same everywhere, whatever the language of a machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Makes work on many items into a function of one: items that come in the same turn of the event loop, or while earlier ones
 * are worked on, go together. A lone item waits for nobody, unless it may linger.
 *
 * @param work gives a result for each item, in their order; when it rejects, all of its items do
 */
export function inGroups<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  { maxItems = 200, lingerMs = 0, spacingMs = 0, order }: GroupOptions<T> = {},
): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let isWorking = false;
  /** By the clock of `performance`. */
  let notBefore = 0;

  async function workOnAll(): Promise<void> {
    isWorking = true;
    await nextTurn();
    while (waiting.length > 0) {
      const waitMs = Math.max(lingerMs, notBefore - performance.now());
      if (waitMs > 0 && waiting.length < maxItems) await pause(waitMs);
      const group = waiting.splice(0, maxItems);
      notBefore = group.length > 1 ? performance.now() + spacingMs : 0;
      if (order) group.sort((a, b) => order(a.item, b.item));
      try {
        const results = await work(group.map(({ item }) => item));
        for (const [index, { resolve }] of group.entries()) resolve(results[index]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWorking) void workOnAll();
    });
}
