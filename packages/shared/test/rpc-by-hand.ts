import { eventually } from '@turno/testing';
import type { ConsumeMessage, Options } from 'amqplib';
import type { Broker } from './broker.ts';

/** A message that came in reply. */
export interface ReplyByHand {
  readonly type: unknown;
  readonly correlationId: unknown;
  readonly body: unknown;
}

/** Sends a server a message as no client of ours would, and gives back the first that comes in reply. */
export function askByHand(
  broker: Broker,
  queue: string,
  body: unknown,
  properties: Options.Publish,
): Promise<ReplyByHand> {
  const replyTo = 'amq.rabbitmq.reply-to';
  return broker.onChannel(async (channel) => {
    const came: ConsumeMessage[] = [];
    await channel.consume(replyTo, (message) => void came.push(message!), { noAck: true });
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(body)), { ...properties, replyTo });
    const { content, properties: sent } = await eventually(() => came[0]);
    const { type, correlationId } = sent as { type: unknown; correlationId: unknown };
    return { type, correlationId, body: JSON.parse(content.toString()) as unknown };
  });
}
