import { once } from 'node:events';
import { connect, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import type { ExchangeDefinition, QueueDefinition } from '../contracts/topology.ts';
import { brokerEndpoint } from './broker-tls.ts';
import { closeWithinMs } from './connection.ts';
import { declareExchange, declareQueue } from './declare-topology.ts';
import { inTime } from '../in-time.ts';
import { isMissing, onScratchChannel } from './scratch-channel.ts';

const accessRefused = 403;
const preconditionFailed = 406;

/** How a queue or an exchange of the broker compares with what Turno declares. */
export type DeclaredState =
  | 'as declared'
  | 'missing'
  /** There, with another type or other arguments. */
  | 'different'
  /** There; whether it is as declared is not for this user to ask. */
  | 'not permitted';

export interface InspectedQueue {
  readonly name: string;
  readonly state: DeclaredState;
  /** The broker's words where it is not as declared. */
  readonly reason?: string;
  /** Messages that nobody holds at the moment; 0 for a queue that is missing. */
  readonly messages: number;
  readonly consumers: number;
}

export interface BrokerInspection {
  readonly product: string;
  readonly version: string;
  readonly queues: readonly InspectedQueue[];
  readonly exchanges: readonly { readonly name: string; readonly state: DeclaredState }[];
  /** Why the broker takes no messages at present (a memory or disk alarm); undefined when it takes them. */
  readonly blockedBecause: string | undefined;
}

export interface InspectBrokerOptions {
  /** As `BrokerConnection` takes it. */
  readonly url: string;
  readonly queues: readonly QueueDefinition[];
  readonly exchanges: readonly ExchangeDefinition[];
  /** How long connecting may take, in milliseconds. */
  readonly withinMs?: number;
}

/**
 * Looks at the broker once, with nothing but AMQP. It makes nothing: a queue is declared only where it is there already, which
 * tells whether its arguments are ours.
 *
 * @throws when there is no connection: no broker, refused credentials, no such vhost
 */
export async function inspectBroker({
  url,
  queues,
  exchanges,
  withinMs = 5_000,
}: InspectBrokerOptions): Promise<BrokerInspection> {
  const endpoint = brokerEndpoint(url);
  const model = await connect(endpoint.url, {
    ...endpoint.tls,
    noDelay: true,
    timeout: withinMs,
    clientProperties: { connection_name: 'turno doctor' },
  });
  // What ends the connection rejects what is under way on it.
  model.on('error', () => undefined);
  try {
    const { product, version } = model.connection.serverProperties;
    return {
      product,
      version,
      queues: await Promise.all(queues.map((queue) => inspectedQueue(model, queue))),
      exchanges: await Promise.all(exchanges.map((exchange) => inspectedExchange(model, exchange))),
      blockedBecause: await blockedBecause(model),
    };
  } finally {
    await inTime(model.close(), closeWithinMs, () => new Error('no answer')).catch(() => {
      (model.connection as unknown as { stream: { destroy(): void } }).stream.destroy();
    });
  }
}

async function inspectedQueue(model: ChannelModel, queue: QueueDefinition): Promise<InspectedQueue> {
  const { name } = queue;
  if (await isMissing(model, name)) return { name, state: 'missing', messages: 0, consumers: 0 };
  const counts = await onScratchChannel(model, (channel) => channel.checkQueue(name));
  const compared = await comparison(model, (channel) => declareQueue(channel, queue));
  return { name, ...compared, messages: counts.messageCount, consumers: counts.consumerCount };
}

async function inspectedExchange(model: ChannelModel, exchange: ExchangeDefinition) {
  const { name } = exchange;
  const isThere = await onScratchChannel(model, (channel) => channel.checkExchange(name)).then(
    () => true,
    () => false,
  );
  if (!isThere) return { name, state: 'missing' as const };
  return { name, ...(await comparison(model, (channel) => declareExchange(channel, exchange))) };
}

async function comparison(
  model: ChannelModel,
  declare: (channel: Channel) => Promise<void>,
): Promise<{ state: DeclaredState; reason?: string }> {
  try {
    await onScratchChannel(model, declare);
    return { state: 'as declared' };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === preconditionFailed) return { state: 'different', reason: message };
    if (code === accessRefused) return { state: 'not permitted', reason: message };
    throw error;
  }
}

/**
 * A broker with an alarm says so only to those who publish. So a message to no queue is published, which the broker drops; where
 * this user may not do that, nothing is known.
 */
async function blockedBecause(model: ChannelModel): Promise<string | undefined> {
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  const giveUp = new AbortController();
  try {
    const blocked = once(model, 'blocked', { signal: giveUp.signal }).then(([reason]) => String(reason));
    return await Promise.race([blocked, published(channel)]);
  } finally {
    giveUp.abort();
  }
}

async function published(channel: ConfirmChannel): Promise<undefined> {
  channel.publish('', 'turno doctor asks whether the broker takes messages', Buffer.alloc(0));
  await channel.waitForConfirms().catch(() => undefined);
  return undefined;
}
