import { BrokerConnection, createLogger, headers, Publisher, ticketCreatedSubscription } from '@turno/shared';

/** A letter in the dead-letter queue. */
export interface GivenUp {
  readonly messageId: string;
  readonly reason: string;
  readonly body: string;
  readonly at?: Date;
  /** The trace that it belongs to. */
  readonly traceparent?: string;
}

/** Puts messages into the dead-letter queue, as a consumer does that gives them up, or into another one. */
export async function giveUp(
  amqpUrl: string,
  letters: readonly GivenUp[],
  queue = ticketCreatedSubscription.deadLetterQueue.name,
): Promise<void> {
  const connection = await BrokerConnection.open({
    url: amqpUrl,
    name: 'spec',
    logger: createLogger('spec', 'silent'),
  });
  const publisher = new Publisher({ connection });
  await publisher.ready();
  for (const { messageId, reason, body, at = new Date(), traceparent } of letters) {
    await publisher.publish({
      exchange: '',
      routingKey: queue,
      body: Buffer.from(body),
      properties: {
        messageId,
        headers: {
          [headers.deadLetterReason]: reason,
          [headers.deadLetteredAt]: at.toISOString(),
          ...(traceparent && { traceparent }),
        },
      },
    });
  }
  await publisher.close();
  await connection.close();
}
