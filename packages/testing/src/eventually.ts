import { setTimeout as pause } from 'node:timers/promises';

type NotYet = undefined | null | false;

/**
 * Resolves with the condition's value as soon as it has one, looking every 20 ms unless told otherwise. A condition that
 * gives undefined, null or false, or that throws, has none yet.
 *
 * @throws when there is none within the time, in milliseconds; the message shows the condition, the cause is its last error
 */
export async function eventually<T>(
  condition: () => Promise<T | NotYet> | T | NotYet,
  withinMs = 15_000,
  everyMs = 20,
): Promise<Exclude<T, NotYet>> {
  const giveUpAt = Date.now() + withinMs;
  let lastError: unknown;
  do {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value as Exclude<T, NotYet>;
    } catch (error) {
      lastError = error;
    }
    await pause(everyMs);
  } while (Date.now() < giveUpAt);
  throw new Error(`did not come true within ${withinMs} ms: ${inOneLine(condition)}`, { cause: lastError });
}

function inOneLine(condition: () => unknown): string {
  return condition.toString().replaceAll(/\s+/g, ' ');
}
