import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { z } from 'zod';
import { Consumer, declareSubscription, done, Publisher, retry, ticketCreatedSubscription } from '../src/index.ts';
import { Broker, silent } from './broker.ts';

let broker: Broker;
let publisher: Publisher;

beforeAll(async () => {
  broker = await Broker.open('topology');
  const connection = await broker.connect('publish');
  publisher = new Publisher({
    connection,
    declare: (channel) => declareSubscription(channel, ticketCreatedSubscription),
  });
  await publisher.ready();
});

afterAll(async () => {
  await publisher.close();
  await broker.dispose();
});

const { exchange, routingKey, queue } = ticketCreatedSubscription;

describe('the queue of TicketCreated', () => {
  test('when an event is to be retried, then it comes 1 s after the first attempt and 2 s after the second', async () => {
    const attempts: number[] = [];
    const handle = async () => (attempts.push(Date.now()) < 3 ? retry('not yet') : done);
    const connection = await broker.connect('consume');
    const consumer = new Consumer({
      connection,
      subscription: ticketCreatedSubscription,
      schema: z.object({}),
      handle,
      publisher,
      logger: silent,
    });
    await publisher.publish({ exchange: exchange.name, routingKey, body: Buffer.from('{}') });

    await eventually(async () => attempts.length === 3);
    await consumer.close();

    const waits = attempts.slice(1).map((at, i) => Math.round((at - attempts[i]!) / 100) / 10);
    expect(waits[0]).toBeCloseTo(1, 0);
    expect(waits[1]).toBeCloseTo(2, 0);
  });

  test('when both sides declare it, one after the other, then the broker finds it the same', async () => {
    await broker.onChannel((channel) => declareSubscription(channel, ticketCreatedSubscription));

    await expect(broker.waitingIn(queue.name)).resolves.toBe(0);
  });
});
