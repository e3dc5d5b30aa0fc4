import type { Channel, ConsumeMessage } from 'amqplib';
import { BrokerUnavailable } from '../errors.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { closeWithinMs, type BrokerConnection } from './connection.ts';
import { inTime } from '../in-time.ts';
import { RecoveringChannel, withoutConfirms } from './recovering-channel.ts';

export interface DeliveriesOptions {
  readonly connection: BrokerConnection;
  readonly queue: string;
  /** Messages worked on at the same time. */
  readonly prefetch: number;
  /** Declares the queue and all that belongs to it. Runs on every new channel. */
  readonly declare: (channel: Channel) => Promise<void>;
  /** Handles a message and settles it. */
  readonly take: (delivery: Delivery) => Promise<void>;
}

/** A message that came, and how it is settled. One whose channel has closed in the meantime is delivered again, whatever is said. */
export interface Delivery {
  readonly message: ConsumeMessage;
  /** It is done, and the broker may forget it. */
  readonly ack: () => void;
  /** It goes back to its queue, and that does not count as a delivery. */
  readonly giveBack: () => void;
  /** It goes back to its queue, is held there for a while, and has one delivery less. */
  readonly reject: () => void;
}

/** The messages of a queue, handed over as they come, across lost connections, lost channels and cancelled consumers. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #channel: RecoveringChannel<Channel>;
  readonly #inFlight = new Set<Promise<void>>();
  #consumerTag: string | undefined;
  #acknowledgements: Acknowledgements | undefined;
  #isClosing = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#channel = new RecoveringChannel({
      connection: options.connection,
      name: options.queue,
      open: withoutConfirms,
      setUp: (channel) => this.#consume(channel),
    });
  }

  /** True while messages come in. */
  get isReady(): boolean {
    return this.#channel.current !== undefined;
  }

  /** Resolves once messages come in. */
  ready(): Promise<void> {
    return this.#channel.ready();
  }

  /**
   * Takes no more messages, lets those it has be settled, then closes. A broker that does not answer is waited for no longer
   * than two seconds at each step.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    const channel = this.#channel.current;
    if (channel && this.#consumerTag) await answered(channel.cancel(this.#consumerTag));
    await Promise.all(this.#inFlight);
    this.#acknowledgements?.flush();
    if (channel) await answered(settled(channel, this.#options.queue));
    await this.#channel.close();
  }

  async #consume(channel: Channel): Promise<void> {
    // A channel that comes back while those in work are finished brings no more of them.
    if (this.#isClosing) return;
    const { declare, prefetch, queue, take } = this.#options;
    await declare(channel);
    await channel.prefetch(prefetch);
    if (this.#isClosing) return;
    const acknowledgements = new Acknowledgements(channel);
    this.#acknowledgements = acknowledgements;
    const { consumerTag } = await channel.consume(queue, (message) => {
      // The broker cancelled the consumer, as when the queue was deleted: declare it again and subscribe anew.
      if (!message) {
        acknowledgements.flush();
        return this.#channel.renew(channel);
      }
      acknowledgements.noteDelivery(message.fields.deliveryTag);
      // Unsettled: it goes back with the channel, which is about to close.
      if (this.#isClosing) return;
      const one = delivery(channel, message, acknowledgements);
      const work = take(one)
        .catch((error: unknown) => this.#reject(one, error))
        .finally(() => this.#inFlight.delete(work));
      this.#inFlight.add(work);
    });
    this.#consumerTag = consumerTag;
  }

  /** A defect of ours keeps neither the message nor those behind it. */
  #reject(one: Delivery, error: unknown): void {
    this.#options.connection.logger.error({ err: error }, 'a message was not settled by who took it');
    one.reject();
  }
}

function delivery(channel: Channel, message: ConsumeMessage, acknowledgements: Acknowledgements): Delivery {
  const { deliveryTag } = message.fields;
  const settle = (work: () => void): void => {
    acknowledgements.noteSettled(deliveryTag);
    try {
      work();
    } catch {
      // The channel has closed.
    }
  };
  return {
    message,
    ack: () => acknowledgements.ack(deliveryTag),
    giveBack: () => settle(() => channel.nack(message, false, true)),
    reject: () => settle(() => channel.reject(message, true)),
  };
}

/** Resolves once the broker did its part, or could not, or is silent for too long. */
async function answered(asked: Promise<unknown>): Promise<void> {
  await inTime(asked, closeWithinMs, () => new BrokerUnavailable('no answer')).catch(() => undefined);
}

/**
 * Resolves once the queue has all acknowledgements of a channel, which may close then. Of a burst the broker passes some 30 on
 * to a quorum queue and keeps the others until those are applied; a channel that closes meanwhile loses them, and their
 * messages come again. Asking for a message is answered by the queue behind what it got before, which declaring it again, or
 * cancelling a consumer that is gone, is not. The message goes right back.
 */
async function settled(channel: Channel, queue: string): Promise<void> {
  const message = await channel.get(queue);
  if (message) channel.nack(message);
}
