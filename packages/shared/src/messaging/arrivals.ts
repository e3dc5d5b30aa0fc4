import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import { BrokerUnavailable } from '../errors.ts';

export interface ArrivalsOptions {
  /** Of the consumer, for whoever cancels it. */
  readonly consumerTag: string;
  /** So many messages and no more. */
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
}

/** Messages that are held at the same time: so much memory this may take, and so many the broker hands out. */
const windowSize = 20_000;

/** When nothing comes for so long, somebody else has the rest, or the window is full of messages that are not settled. */
const idleMs = 3_000;

/**
 * The first messages of a queue, unsettled, to be acknowledged by whoever iterates. It ends early when the signal is
 * aborted, or when nothing more comes; the consumer is left to whoever settles the messages.
 *
 * @throws BrokerUnavailable when the channel is lost
 */
export async function* arrivals(
  channel: Channel,
  queue: string,
  { consumerTag, count, signal }: ArrivalsOptions,
): AsyncGenerator<ConsumeMessage> {
  if (count === 0) return;
  const arrived: ConsumeMessage[] = [];
  let isLost = false;
  let wake: (() => void) | undefined;
  channel.on('close', () => {
    isLost = true;
    wake?.();
  });
  signal?.addEventListener('abort', () => wake?.(), { once: true });
  await channel.prefetch(Math.min(count, windowSize));
  const take = (message: ConsumeMessage | null): void => {
    if (message) arrived.push(message);
    else isLost = true;
    wake?.();
  };
  await channel.consume(queue, take, { consumerTag });
  for (let next = 0; next < count; next++) {
    if (arrived.length === 0 && !isLost) await within(idleMs, (resolve) => (wake = resolve));
    if (isLost) throw new BrokerUnavailable(`${queue} was lost; what is not settled is in it`);
    const message = arrived.shift();
    if (!message || signal?.aborted) return;
    yield message;
  }
}

/** Resolves when it is called, or after the time. */
async function within(ms: number, wait: (resolve: () => void) => void): Promise<void> {
  const tooLate = new AbortController();
  const called = new Promise<void>(wait);
  await Promise.race([called, pause(ms, undefined, { signal: tooLate.signal }).catch(() => undefined)]);
  tooLate.abort();
}
