import { setTimeout as pause } from 'node:timers/promises';

/** What is found out holds for so long, in milliseconds: several Prometheis may ask at once. */
const holdsForMs = 5_000;
/** So long whoever asks waits for something that does not come. */
const waitsForMs = 1_000;

/**
 * Makes a look at something that is not for nothing into one that may be asked for as often as anybody likes.
 *
 * @returns what was found within the last five seconds, undefined when it could not be found out
 */
export function remembered<T>(look: () => Promise<T>): () => Promise<T | undefined> {
  let found: Promise<T | undefined> | undefined;
  let foundAt = -Infinity;
  return async () => {
    if (performance.now() - foundAt > holdsForMs) {
      foundAt = performance.now();
      found = look().catch(() => undefined);
    }
    return Promise.race([found, pause(waitsForMs, undefined, { ref: false })]);
  };
}
