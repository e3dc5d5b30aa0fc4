import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { BrokerUnavailable } from '../errors.ts';
import { arrivals } from './arrivals.ts';

export interface HoldOptions {
  /** So many messages at most, from the head of the queue. */
  readonly limit?: number | undefined;
  /** Ends it in order: what is under way is finished, the rest stays where it is. */
  readonly signal?: AbortSignal | undefined;
}

/** The messages of a queue, in the hands of one who looks through them. */
export interface Held {
  readonly messages: AsyncIterable<ConsumeMessage>;
  /** Messages in the queue when it began. */
  readonly waiting: number;
  readonly takeAway: (message: ConsumeMessage) => void;
}

const consumerTag = 'look';

/** Somebody else may have taken what was given back: it is not waited for longer than this. */
const givenBackWithinMs = 3_000;

/**
 * Holds the messages of a queue while `use` looks through them. Whatever it did not take away is given back when it is
 * over, for good or ill.
 */
export async function holdMessages<T>(
  connection: ChannelModel,
  queue: string,
  { limit = Infinity, signal }: HoldOptions,
  use: (held: Held) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  let [waiting, taken] = [0, 0];
  const takeAway = (message: ConsumeMessage): void => {
    channel.ack(message);
    taken++;
  };
  try {
    waiting = await countIn(channel, queue);
    const messages = arrivals(channel, queue, { consumerTag, count: Math.min(waiting, limit), signal });
    return await use({ messages, waiting, takeAway });
  } finally {
    await giveBack(channel, queue, waiting - taken);
  }
}

async function countIn(channel: Channel, queue: string): Promise<number> {
  try {
    return (await channel.checkQueue(queue)).messageCount;
  } catch (error) {
    const isMissing = (error as { code?: number }).code === 404;
    throw new BrokerUnavailable(isMissing ? `this broker has no queue ${queue}` : `${queue} does not answer`, {
      cause: error,
    });
  }
}

/**
 * Resolves once the queue has them again, so that whoever looks next sees them. The consumer is cancelled first, or they
 * would come here again; and after the last acknowledgement, because a channel that closes right behind a burst of them
 * loses those beyond some 30: the answer to the cancel says that the queue has them all. On a channel that is lost there is nothing
 * to do: the broker gives them back.
 */
async function giveBack(channel: Channel, queue: string, expected: number): Promise<void> {
  const giveUpAt = Date.now() + givenBackWithinMs;
  try {
    await channel.cancel(consumerTag);
    channel.nackAll(true);
    while ((await countIn(channel, queue)) < expected && Date.now() < giveUpAt) await pause(20);
    await channel.close();
  } catch {
    return;
  }
}
