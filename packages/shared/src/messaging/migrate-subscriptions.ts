import type { Channel, ChannelModel } from 'amqplib';
import { rpcExchanges } from '../contracts/rpc-entrances.ts';
import type { QueueDefinition, Subscription } from '../contracts/topology.ts';
import type { Logger } from '../logger.ts';
import { BrokerConnection } from './connection.ts';
import { declareExchange, declareQueue, declareSubscription } from './declare-topology.ts';
import { isMissing, onScratchChannel } from './scratch-channel.ts';

const preconditionFailed = 406;

export interface MigrateSubscriptionsOptions {
  readonly url: string;
  readonly subscriptions: readonly Subscription[];
  /** Has the events of a subscription published again before its queue is made, as {@link declareSubscription} does. */
  readonly onMissing: () => Promise<void>;
  readonly logger: Logger;
  /** How long the broker may take to answer, in milliseconds. */
  readonly withinMs?: number;
}

/**
 * Declares exchanges, queues and bindings of events, and the exchanges of calls, also where an earlier version declared a
 * queue with other arguments. These cannot be changed, so an empty queue is made anew.
 *
 * @throws Error when such a queue has messages or consumers: they are to be dealt with first
 * @throws BrokerUnavailable when there is no broker within the time
 */
export async function migrateSubscriptions({
  url,
  subscriptions,
  onMissing,
  logger,
  withinMs = 10_000,
}: MigrateSubscriptionsOptions): Promise<void> {
  const connection = await BrokerConnection.open({ url, name: 'turno migrate', logger });
  try {
    const model = await connection.up(withinMs);
    // Whoever calls may not make them, and may be there before who answers.
    for (const exchange of rpcExchanges) await onScratchChannel(model, (channel) => declareExchange(channel, exchange));
    for (const subscription of subscriptions) {
      for (const queue of [subscription.deadLetterQueue, subscription.queue]) await removeOutdated(model, queue);
      await onScratchChannel(model, (channel) => declareSubscription(channel, subscription, { connection, onMissing }));
    }
  } finally {
    await connection.close();
  }
}

/** Deletes a queue that has other arguments than ours. */
async function removeOutdated(model: ChannelModel, queue: QueueDefinition): Promise<void> {
  if (await isMissing(model, queue.name)) return;
  try {
    await onScratchChannel(model, (channel) => declareQueue(channel, queue));
  } catch (error) {
    if ((error as { code?: unknown }).code !== preconditionFailed) throw error;
    await onScratchChannel(model, (channel) => removeEmpty(channel, queue));
  }
}

async function removeEmpty(channel: Channel, { name }: QueueDefinition): Promise<void> {
  const { messageCount, consumerCount } = await channel.checkQueue(name);
  // Messages that a consumer holds are not counted, and would be gone with the queue.
  if (consumerCount > 0) {
    throw new Error(
      `an earlier version declared ${name} otherwise, and it is being consumed: stop notifications, or whoever looks at ` +
        'dead letters, then run turno migrate again',
    );
  }
  if (messageCount > 0) {
    throw new Error(
      `an earlier version declared ${name} otherwise, and it holds ${messageCount} messages: have them consumed, ` +
        'dead letters by turno dead-letters redrive or discard, then run turno migrate again',
    );
  }
  await channel.deleteQueue(name);
}
