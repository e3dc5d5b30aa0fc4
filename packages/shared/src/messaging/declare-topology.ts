import type { Channel } from 'amqplib';
import type { ExchangeDefinition, QueueDefinition, Subscription } from '../contracts/topology.ts';

export async function declareQueue(channel: Channel, queue: QueueDefinition): Promise<void> {
  await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });
}

export async function declareExchange(channel: Channel, exchange: ExchangeDefinition): Promise<void> {
  await channel.assertExchange(exchange.name, exchange.type, { durable: true });
}

/**
 * Declares all that one subscription needs. Publisher and consumer both call it, so that an event published before the
 * consumer's first start waits in its queue instead of being unroutable.
 */
export async function declareSubscription(channel: Channel, subscription: Subscription): Promise<void> {
  await declareExchange(channel, subscription.exchange);
  await declareQueue(channel, subscription.deadLetterQueue);
  await declareQueue(channel, subscription.queue);
  await channel.bindQueue(subscription.queue.name, subscription.exchange.name, subscription.routingKey);
}
