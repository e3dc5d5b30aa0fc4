import type { ConfirmChannel } from 'amqplib';
import { BrokerUnavailable, OutcomeUnknown } from '../errors.ts';

/** How amqplib words a negative confirm; whatever else it says, the confirm was lost with its channel. */
const nacked = 'message nacked';

/**
 * Sends a message and resolves once the broker has confirmed it.
 *
 * @param send publishes on a channel with confirms, and passes the callback on
 * @throws BrokerUnavailable when the broker refused to store the message, or the channel had closed before it left
 * @throws OutcomeUnknown when the channel was lost before the confirm, or none came in time
 */
export async function confirmed(
  send: (onConfirm: Parameters<ConfirmChannel['publish']>[4]) => void,
  withinMs: number,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => reject(new OutcomeUnknown(`no confirm within ${withinMs} ms`));
  // A process that was held up looks first at what has come meanwhile, as the confirm may have.
  const timer = setTimeout(() => setImmediate(giveUp), withinMs);
  try {
    send((error: unknown) => (error ? reject(unconfirmed(error)) : resolve()));
    await promise;
  } catch (error) {
    if (error instanceof BrokerUnavailable || error instanceof OutcomeUnknown) throw error;
    // amqplib throws when the channel closed a moment ago: nothing was written.
    throw new BrokerUnavailable('the channel to the broker has just closed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function unconfirmed(cause: unknown): BrokerUnavailable | OutcomeUnknown {
  if (cause instanceof Error && cause.message === nacked) {
    return new BrokerUnavailable('the broker refused the message: it is not stored', { cause });
  }
  return new OutcomeUnknown('the channel was lost before the broker confirmed the message', { cause });
}
