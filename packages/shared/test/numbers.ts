import { z } from 'zod';
import {
  Consumer,
  declareSubscription,
  Publisher,
  type BrokerConnection,
  type Outcome,
  type OutgoingMessage,
  type Subscription,
} from '../src/index.ts';
import { silent, type Broker } from './broker.ts';

/** A small event for the specs: a number. */
export const numberEvent = z.object({ n: z.number() });
export type NumberEvent = z.infer<typeof numberEvent>;

const dead = { name: 'numbers.dead', arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 } };

/** As the product subscribes, with fewer and sooner deliveries. */
export const numbers: Subscription = {
  exchange: { name: 'numbers', type: 'topic' },
  routingKey: 'number.drawn',
  deadLetterQueue: dead,
  queue: {
    name: 'numbers.drawn',
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 2,
      'x-delayed-retry-type': 'failed',
      'x-delayed-retry-min': 200,
      'x-delayed-retry-max': 300,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': dead.name,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
      'x-max-length': 1_000_000,
    },
  },
};

export function drawn(body: unknown, id = 'event-1'): OutgoingMessage {
  return {
    exchange: numbers.exchange.name,
    routingKey: numbers.routingKey,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    properties: { messageId: id, type: 'NumberDrawn', contentType: 'application/json' },
  };
}

export async function startPublisher(connection: BrokerConnection): Promise<Publisher> {
  const publisher = new Publisher({ connection, declare: (channel) => declareSubscription(channel, numbers) });
  await publisher.ready();
  return publisher;
}

export async function startConsumer(
  broker: Broker,
  publisher: Publisher,
  handle: (event: NumberEvent) => Promise<Outcome>,
  pauseMs = 50,
): Promise<Consumer<NumberEvent>> {
  const consumer = new Consumer({
    connection: await broker.connect('numbers consume'),
    subscription: numbers,
    schema: numberEvent,
    handle,
    publisher,
    holdOff: { baseMs: pauseMs, maxMs: pauseMs },
    logger: silent,
  });
  await consumer.ready();
  return consumer;
}
