import type { Channel, ChannelModel } from 'amqplib';
import type { QueueDefinition } from '../contracts/topology.ts';
import type { Logger } from '../logger.ts';
import { BrokerConnection } from './connection.ts';
import { declareQueue } from './declare-topology.ts';

const preconditionFailed = 406;

export interface MigrateQueuesOptions {
  readonly url: string;
  readonly queues: readonly QueueDefinition[];
  readonly logger: Logger;
  /** How long the broker may take to answer, in milliseconds. */
  readonly withinMs?: number;
}

/**
 * Declares queues, also where an earlier version declared them with other arguments. These cannot be changed, so an empty
 * queue is made anew.
 *
 * @throws Error when such a queue has messages: they are to be dealt with first
 * @throws BrokerUnavailable when there is no broker within the time
 */
export async function migrateQueues({ url, queues, logger, withinMs = 10_000 }: MigrateQueuesOptions): Promise<void> {
  const connection = await BrokerConnection.open({ url, name: 'turno migrate', logger });
  try {
    const model = await connection.up(withinMs);
    for (const queue of queues) await migrateQueue(model, queue);
  } finally {
    await connection.close();
  }
}

async function migrateQueue(model: ChannelModel, queue: QueueDefinition): Promise<void> {
  try {
    await onChannel(model, (channel) => declareQueue(channel, queue));
  } catch (error) {
    if ((error as { code?: unknown }).code !== preconditionFailed) throw error;
    await onChannel(model, (channel) => makeAnew(channel, queue));
  }
}

async function makeAnew(channel: Channel, queue: QueueDefinition): Promise<void> {
  const { messageCount } = await channel.checkQueue(queue.name);
  if (messageCount > 0) {
    throw new Error(
      `an earlier version declared ${queue.name} otherwise, and it holds ${messageCount} messages: ` +
        'turno dead-letters redrive or discard them, then run turno migrate again',
    );
  }
  await channel.deleteQueue(queue.name);
  await declareQueue(channel, queue);
}

/** Each on a channel of its own: the broker closes the one on which it refuses a declaration. */
async function onChannel(model: ChannelModel, work: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    await work(channel);
  } finally {
    await channel.close().catch(() => undefined);
  }
}
