import { setTimeout as pause } from 'node:timers/promises';

/** What is found out holds for so long, in milliseconds: several Prometheis may ask at once. */
const holdsForMs = 5_000;
/** So long whoever asks waits for a look that takes its time; it goes on for whoever asks next. */
const waitsForMs = 1_000;

/**
 * Makes a look at something that is not for nothing into one that may be asked for as often as anybody likes.
 *
 * @returns what was found last; undefined before that, and when it could not be found out
 */
export function remembered<T>(look: () => Promise<T>): () => Promise<T | undefined> {
  let found: T | undefined;
  let foundAt = -Infinity;
  let looking: Promise<void> | undefined;

  async function lookAgain(): Promise<void> {
    found = await look().catch(() => undefined);
    foundAt = performance.now();
    looking = undefined;
  }

  return async () => {
    if (performance.now() - foundAt > holdsForMs) looking ??= lookAgain();
    if (looking) await Promise.race([looking, pause(waitsForMs, undefined, { ref: false })]);
    return found;
  };
}
