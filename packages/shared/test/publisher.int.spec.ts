import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { BrokerUnavailable, TurnoError, type BrokerConnection, type Publisher } from '../src/index.ts';
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
