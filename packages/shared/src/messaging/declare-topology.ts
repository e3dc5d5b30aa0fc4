import type { Channel } from 'amqplib';
import type { RpcEntrance } from '../contracts/rpc-entrances.ts';
import type { ExchangeDefinition, QueueDefinition, Subscription } from '../contracts/topology.ts';
import type { BrokerConnection } from './connection.ts';
import { isMissing } from './scratch-channel.ts';

export async function declareQueue(channel: Channel, queue: QueueDefinition): Promise<void> {
  await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });
}

export async function declareExchange(channel: Channel, exchange: ExchangeDefinition): Promise<void> {
  await channel.assertExchange(exchange.name, exchange.type, { durable: true });
}

/** The queue of a service's requests, and the exchanges by which they reach it. */
export async function declareRpc(
  channel: Channel,
  queue: QueueDefinition,
  entrances: readonly RpcEntrance[] = [],
): Promise<void> {
  await declareQueue(channel, queue);
  for (const { exchange } of entrances) {
    await declareExchange(channel, exchange);
    await channel.bindQueue(queue.name, exchange.name, queue.name);
  }
}

/** What a subscription loses when its queue is deleted, and who makes up for it. */
export interface LostQueue {
  /** Of the channel that declares: on it the broker is asked whether the queue is there. */
  readonly connection: BrokerConnection;
  /**
   * Has the events that may have been in the queue published again. It runs before the queue is made anew, so that a crash
   * in between repeats it, and so that nothing counts as published before there is a queue. When it rejects, no queue is
   * made.
   */
  readonly onMissing: () => Promise<void>;
}

/**
 * Declares all that one subscription needs. Publisher and consumer both call it, so that an event published before the
 * consumer's first start waits in its queue instead of being unroutable.
 */
export async function declareSubscription(
  channel: Channel,
  subscription: Subscription,
  lost?: LostQueue,
): Promise<void> {
  const { exchange, deadLetterQueue, queue, routingKey } = subscription;
  await declareExchange(channel, exchange);
  await declareQueue(channel, deadLetterQueue);
  if (lost && (await isMissing(await lost.connection.up(), queue.name))) await lost.onMissing();
  await declareQueue(channel, queue);
  await channel.bindQueue(queue.name, exchange.name, routingKey);
}
