/**
 * Waits until the condition holds, looking every 20 ms.
 *
 * @throws when it does not hold within the time, in milliseconds
 */
export async function eventually(condition: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`did not come true within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
