import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { z } from 'zod';
import {
  Consumer,
  declareQueue,
  declareSubscription,
  done,
  migrateSubscriptions,
  Publisher,
  retry,
  ticketCreatedSubscription,
} from '../src/index.ts';
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

describe('a queue that is gone', () => {
  const gone = { ...ticketCreatedSubscription, queue: { ...queue, name: 'gone' } };

  test('when what was in it cannot be published again, then no queue is made until it can', async () => {
    const connection = await broker.connect('declare');
    await connection.up();
    let asked = 0;
    const onMissing = async () => {
      if (++asked < 2) throw new Error('ticketing is away');
      await expect(broker.waitingIn('gone')).rejects.toThrow('404');
    };
    const declare = () => broker.onChannel((channel) => declareSubscription(channel, gone, { connection, onMissing }));

    await expect(declare()).rejects.toThrow('ticketing is away');
    await declare();
    await declare();

    expect(asked).toBe(2);
    await expect(broker.waitingIn('gone')).resolves.toBe(0);
  });
});

describe('a queue that an earlier version declared with other arguments', () => {
  const earlier = { name: 'changed', arguments: { 'x-queue-type': 'quorum' } };
  const present = { name: 'changed', arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 } };
  const subscription = { ...ticketCreatedSubscription, deadLetterQueue: present };
  const migrate = () =>
    migrateSubscriptions({
      url: broker.url,
      subscriptions: [subscription],
      onMissing: async () => undefined,
      logger: silent,
    });

  test('when it holds a message, then the migration says so and leaves it', async () => {
    await broker.onChannel((channel) => declareQueue(channel, earlier));
    await publisher.publish({ exchange: '', routingKey: earlier.name, body: Buffer.from('{}') });

    await expect(migrate()).rejects.toThrow('holds 1 messages');

    await expect(broker.waitingIn(earlier.name)).resolves.toBe(1);
  });

  test('when somebody holds what was in it, then the migration says so and nothing is lost', async () => {
    await broker.onChannel(async (channel) => {
      const { promise: held, resolve } = Promise.withResolvers<unknown>();
      await channel.consume(earlier.name, resolve);
      await held;

      await expect(migrate()).rejects.toThrow('is being consumed');
    });

    await eventually(async () => (await broker.waitingIn(earlier.name)) === 1);
  });

  test('when it is empty, then it is made anew, once', async () => {
    await broker.onChannel(async (channel) => void (await channel.purgeQueue(earlier.name)));

    await migrate();
    await migrate();

    await broker.onChannel((channel) => declareQueue(channel, present));
    await expect(broker.waitingIn(present.name)).resolves.toBe(0);
  });
});
