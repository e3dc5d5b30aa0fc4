import { setTimeout as delay } from 'node:timers/promises';

/** Tries until the assertion holds; after `withinMs`, fails as the assertion does. */
export async function eventually(assertion: () => void | Promise<void>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
