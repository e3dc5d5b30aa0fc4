import { eventually } from '@turno/testing';
import { done, type DeadLetter, type DeadLetters, type Publisher } from '../src/index.ts';
import type { Broker } from './broker.ts';
import { drawn, numbers, startConsumer } from './numbers.ts';

/** Puts letters into the dead-letter queue of the numbers, as a consumer does with poison. */
export async function give(publisher: Publisher, count: number, reason = 'poison', from = 1): Promise<void> {
  const numbered = Array.from({ length: count }, (_, i) => i + from);
  await Promise.all(
    numbered.map((n) => {
      const message = { ...drawn({ n }, `event-${n}`), exchange: '', routingKey: numbers.deadLetterQueue.name };
      const headers = { 'x-dead-letter-reason': reason, 'x-request-id': `request-${n}` };
      return publisher.publish({ ...message, properties: { ...message.properties, headers } });
    }),
  );
}

export async function seen(letters: DeadLetters, limit?: number): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  await letters.look((letter) => found.push(letter), { limit });
  return found;
}

export const ids = (found: readonly DeadLetter[]) => found.map(({ messageId }) => messageId);

/** Handles all that waits and gives back the numbers, in order; those that are handled twice, twice. */
export async function handled(broker: Broker, publisher: Publisher, count: number): Promise<number[]> {
  const taken: number[] = [];
  const consumer = await startConsumer(broker, publisher, async ({ n }) => (taken.push(n), done));
  await eventually(() => taken.length >= count);
  await consumer.close();
  return taken;
}
