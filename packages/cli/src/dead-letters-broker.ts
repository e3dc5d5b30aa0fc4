import { createLogger, DeadLetters, subscriptions, type Subscription } from '@turno/shared';
import { readBrokerAddress } from './broker-address.ts';

/** Where the dead letters of a command are. */
export interface DeadLettersPlace {
  /** The dead-letter queue's name; the first one that is known without it. */
  readonly queue?: string;
  /** The subscriptions whose dead-letter queues are known. */
  readonly known?: readonly Subscription[];
}

/**
 * Runs `use` on the dead letters of a queue, on the broker that AMQP_URL names, and closes the connections whatever happens.
 *
 * @throws when no subscription has that dead-letter queue, or there is no broker within seconds
 */
export async function withDeadLetters<T>(
  place: DeadLettersPlace,
  use: (letters: DeadLetters, queue: string) => Promise<T>,
): Promise<T> {
  const subscription = subscriptionOf(place);
  const url = readBrokerAddress();
  const letters = await DeadLetters.open({ url, subscription, logger: createLogger('turno', 'silent') });
  try {
    return await use(letters, subscription.deadLetterQueue.name);
  } finally {
    await letters.close();
  }
}

function subscriptionOf({ queue, known = subscriptions }: DeadLettersPlace): Subscription {
  const found = known.find(({ deadLetterQueue }) => queue === undefined || deadLetterQueue.name === queue);
  if (found) return found;
  const names = known.map(({ deadLetterQueue }) => deadLetterQueue.name);
  throw new Error(`${queue} is no dead-letter queue of Turno; there is ${names.join(', ')}`);
}
