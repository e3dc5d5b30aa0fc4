import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import type { Channel } from 'amqplib';
import { BrokerUnavailable, OutcomeUnknown, Publisher, TurnoError, type BrokerConnection } from '../src/index.ts';
import { Broker } from './broker.ts';
import { drawn, numbers, startPublisher } from './numbers.ts';

let broker: Broker;
let connection: BrokerConnection;
let publisher: Publisher;

beforeAll(async () => {
  broker = await Broker.open('publisher');
});

beforeEach(async () => {
  connection = await broker.connect('numbers publish');
  publisher = await startPublisher(connection);
});

afterEach(async () => {
  await broker.onChannel((channel) => channel.purgeQueue(numbers.queue.name)).catch(() => undefined);
  await publisher.close();
  await connection.close();
});

afterAll(() => broker.dispose());

const waiting = () => broker.waitingIn(numbers.queue.name);
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('publish', () => {
  test('when a queue is bound, then it resolves once the message is in it, persistent and unchanged', async () => {
    await publisher.publish(drawn({ n: 1 }, 'event-7'));

    const { content, properties } = await broker.take(numbers.queue.name);
    expect(JSON.parse(content.toString())).toEqual({ n: 1 });
    expect(properties).toMatchObject({ messageId: 'event-7', type: 'NumberDrawn', deliveryMode: 2 });
  });

  test('when the consumer has never been started, then the publisher has made the queue already', async () => {
    await expect(waiting()).resolves.toBe(0);
  });

  test('when no queue is bound, then it is unavailable although the broker confirmed it', async () => {
    const nobody = { ...drawn({ n: 1 }), routingKey: 'number.nobody.wants' };

    await expect(publisher.publish(nobody)).rejects.toBeInstanceOf(BrokerUnavailable);
  });

  test('when one of many is not routed, then only that one fails', async () => {
    const messages = Array.from({ length: 50 }, (_, n) => drawn({ n }));
    messages[20] = { ...messages[20]!, routingKey: 'number.nobody.wants' };

    const ends = await Promise.allSettled(messages.map((message) => publisher.publish(message)));

    expect(ends.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([20]);
    await eventually(async () => (await waiting()) === 49);
  });

  test('when the publisher is closed, then nothing leaves any more', async () => {
    await publisher.close();

    await expect(publisher.publish(drawn({ n: 1 }))).rejects.toBeInstanceOf(BrokerUnavailable);
    expect(publisher.isReady).toBe(false);
  });
});

describe('what is not confirmed', () => {
  const fullQueue = 'full';
  const toFullQueue = { ...drawn({ n: 1 }), exchange: '', routingKey: fullQueue };

  beforeEach(async () => {
    const args = { 'x-max-length': 1, 'x-overflow': 'reject-publish' };
    await broker.onChannel((channel) => channel.assertQueue(fullQueue, { durable: true, arguments: args }));
    await broker.onChannel((channel) => channel.purgeQueue(fullQueue));
    await publisher.publish(toFullQueue);
  });

  test('when the queue is full, then it fails as not stored, and works once there is room', async () => {
    const failure = publisher.publish(toFullQueue);

    await expect(failure).rejects.toBeInstanceOf(BrokerUnavailable);
    await expect(failure).rejects.toThrow('the broker refused the message: it is not stored');
    await broker.take(fullQueue);
    await expect(publisher.publish(toFullQueue)).resolves.toBeUndefined();
  });

  test('when one of many is refused, then the others are stored', async () => {
    const ends = await Promise.allSettled([
      publisher.publish(drawn({ n: 1 })),
      publisher.publish(toFullQueue),
      publisher.publish(drawn({ n: 2 })),
    ]);

    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('when confirms and returns come after their time, then nothing of their messages is kept', async () => {
    const impatient = new Publisher({ connection, confirmTimeoutMs: 1 });
    await impatient.ready();
    const before = timers();

    const messages = Array.from({ length: 200 }, (_, n) => ({ ...drawn({ n }), routingKey: 'number.nobody.wants' }));
    const ends = await Promise.allSettled(messages.map((message) => impatient.publish(message)));
    // A message behind the late ones: when it is in its queue they have all been confirmed.
    await eventually(() =>
      impatient.publish(drawn({ n: 0 })).then(
        () => true,
        (error) => error instanceof OutcomeUnknown,
      ),
    );
    await eventually(async () => (await waiting()) > 0);

    expect(ends.map(({ status }) => status)).toEqual(messages.map(() => 'rejected'));
    expect(impatient.pending).toBe(0);
    await eventually(() => timers() <= before);
    await impatient.close();
  });

  test('when the process is held up for longer than a confirm may take, then the one that came meanwhile counts', async () => {
    const impatient = new Publisher({ connection, confirmTimeoutMs: 50 });
    await impatient.ready();

    const published = impatient.publish(drawn({ n: 1 }));
    // It leaves within these, and is not confirmed as soon.
    for (let turn = 0; turn < 4; turn++) await nextTurn();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);

    await expect(published).resolves.toBeUndefined();
    await impatient.close();
  });

  test('when the channel is lost first, then the outcome is unknown, and it says that it was the channel', async () => {
    const ends = Array.from({ length: 100 }, (_, n) =>
      publisher.publish(drawn({ n })).catch((error: unknown) => error),
    );
    await publisher.close();

    const failures = (await Promise.all(ends)).filter((end) => end !== undefined);

    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(OutcomeUnknown);
      expect(failure).toMatchObject({ message: 'the channel was lost before the broker confirmed the message' });
    }
    expect(publisher.pending).toBe(0);
  });
});

describe('recovery', () => {
  test('when the broker closes the connection, then it publishes again without help', async () => {
    await broker.closeConnection('numbers publish');
    await eventually(async () => !publisher.isReady);

    await publisher.ready();
    await publisher.publish(drawn({ n: 2 }));

    await expect(waiting()).resolves.toBe(1);
  });

  test('when the queue was lost with the connection, then it is declared again', async () => {
    await broker.deleteQueue(numbers.queue.name);
    await broker.closeConnection('numbers publish');

    await eventually(async () => publisher.publish(drawn({ n: 3 })).then(() => true));

    await expect(waiting()).resolves.toBe(1);
  });

  const { queue, exchange, routingKey } = numbers;
  test.each<[string, (channel: Channel) => Promise<unknown>]>([
    ['binding', (channel) => channel.unbindQueue(queue.name, exchange.name, routingKey)],
    ['queue', (channel) => channel.deleteQueue(queue.name)],
  ])('when somebody deletes the %s, then the next messages are in the queue all the same', async (_what, remove) => {
    await broker.onChannel(remove);

    await Promise.all([1, 2, 3].map((n) => publisher.publish(drawn({ n }))));

    await expect(waiting()).resolves.toBe(3);
  });

  test('when somebody deletes the exchange, then messages are in the queue again shortly after', async () => {
    await broker.onChannel((channel) => channel.deleteExchange(exchange.name));

    await eventually(() => publisher.publish(drawn({ n: 1 })).then(() => true));

    await expect(waiting()).resolves.toBe(1);
  });

  test('when the declaration after a returned message fails, then the message is unavailable and the next one goes', async () => {
    let mishaps = 0;
    const unlucky = new Publisher({
      connection,
      declare: async () => {
        if (mishaps++ > 0) throw new Error('no luck');
      },
    });
    await unlucky.ready();
    const nobody = { ...drawn({ n: 1 }), routingKey: 'number.nobody.wants' };

    await expect(unlucky.publish(nobody)).rejects.toBeInstanceOf(BrokerUnavailable);
    await unlucky.publish(drawn({ n: 1 }));

    await expect(waiting()).resolves.toBe(1);
    await unlucky.close();
  });

  test('when messages are under way as the connection breaks, then each is in the queue or its sender knows', async () => {
    const close = await broker.findConnection('numbers publish');
    let confirmed = 0;
    const publishUntilItFails = async (): Promise<unknown> => {
      for (;;) {
        const error = await publisher.publish(drawn({ n: 4 })).catch((thrown: unknown) => thrown);
        if (error) return error;
        confirmed++;
      }
    };

    const failures = Promise.all(Array.from({ length: 20 }, publishUntilItFails));
    await eventually(async () => confirmed > 100);
    await close();

    expect(await failures).toEqual(Array.from({ length: 20 }, () => expect.any(TurnoError)));
    expect(await waiting()).toBeGreaterThanOrEqual(confirmed);
  });
});
