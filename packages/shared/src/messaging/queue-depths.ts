import type { QueueDepth } from '../contracts/queue-depths.ts';
import { BrokerUnavailable } from '../errors.ts';
import type { BrokerConnection } from './connection.ts';
import { inTime } from '../in-time.ts';
import { onScratchChannel } from './scratch-channel.ts';

const withinMs = 2_000;
const notFound = 404;

/**
 * How many messages wait in each of these queues, those that somebody holds not counted, and how many consume them. The broker
 * tells it to accounts that may declare the queue.
 *
 * @throws BrokerUnavailable when the broker does not answer within two seconds
 */
export async function queueDepths(connection: BrokerConnection, names: readonly string[]): Promise<QueueDepth[]> {
  const { model } = connection;
  if (!model) throw new BrokerUnavailable('no connection to the broker');
  // It would read nothing that comes behind a publish, for as long as it lasts.
  if (connection.blockedBecause) throw new BrokerUnavailable('the broker blocks publishers');
  const depths = Promise.all(names.map((name) => depthOf(model, name)));
  return inTime(depths, withinMs, () => new BrokerUnavailable('the broker does not answer'));
}

async function depthOf(model: NonNullable<BrokerConnection['model']>, name: string): Promise<QueueDepth> {
  try {
    const { messageCount, consumerCount } = await onScratchChannel(model, (channel) => channel.checkQueue(name));
    return { name, depth: { messages: messageCount, consumers: consumerCount } };
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return { name };
    throw new BrokerUnavailable(`${name} does not answer`, { cause: error });
  }
}
