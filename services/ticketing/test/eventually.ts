import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with the condition's value as soon as it has one. A condition that throws has none yet. */
export async function eventually<T>(condition: () => Promise<T | undefined | false>, withinMs = 15_000): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await pause(25);
  }
  throw new Error(`the condition did not come true within ${withinMs} ms`, { cause: last });
}
