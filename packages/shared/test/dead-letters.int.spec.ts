import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { BrokerUnavailable, DeadLetters, deadLetter, retry, type Publisher } from '../src/index.ts';
import { Broker, silent } from './broker.ts';
import { give, handled, ids, seen } from './letters.ts';
import { drawn, numbers, startConsumer, startPublisher } from './numbers.ts';

const queue = numbers.queue.name;
const deadQueue = numbers.deadLetterQueue.name;

let broker: Broker;
let publisher: Publisher;
let letters: DeadLetters;

beforeAll(async () => {
  broker = await Broker.open('dead-letters');
  publisher = await startPublisher(await broker.connect('numbers publish'));
});
beforeEach(async () => {
  for (const name of [queue, deadQueue]) await broker.onChannel((channel) => channel.purgeQueue(name));
  letters = await DeadLetters.open({ url: broker.url, subscription: numbers, logger: silent });
});
afterEach(() => letters.close());
afterAll(async () => {
  await publisher.close();
  await broker.dispose();
});

const nothing = (): void => undefined;

describe('looking', () => {
  test('when one is poison and the deliveries of another are used up, then each says why and since when', async () => {
    const consumer = await startConsumer(broker, publisher, async ({ n }) =>
      n === 1 ? deadLetter('the customer is a ghost') : retry('not yet'),
    );
    await publisher.publish(drawn({ n: 1 }, 'event-1'));
    await publisher.publish(drawn({ n: 2 }, 'event-2'));
    await eventually(async () => (await broker.waitingIn(deadQueue)) === 2);
    await consumer.close();

    const found = await seen(letters);

    expect(found.map(({ messageId, reason, position }) => [position, messageId, reason])).toEqual([
      [1, 'event-1', 'the customer is a ghost'],
      [2, 'event-2', 'delivery_limit'],
    ]);
    for (const { since } of found) expect(Math.abs(since!.getTime() - Date.now())).toBeLessThan(30_000);
  });

  test('when the headers of poison ask for copies, then it is one letter, and its consumer sees it once', async () => {
    const taken: number[] = [];
    const consumer = await startConsumer(broker, publisher, async ({ n }) => (taken.push(n), deadLetter('no use')));
    await publisher.publish({ ...drawn({ n: 1 }), properties: { headers: { CC: [queue] } } });
    await eventually(async () => (await broker.waitingIn(deadQueue)) > 0);
    await publisher.publish(drawn({ n: 2 }));
    await eventually(() => taken.includes(2));
    await consumer.close();

    expect(taken).toEqual([1, 2]);
    expect(await seen(letters)).toHaveLength(2);
  });

  test('when it was looked at more often than a queue delivers by default, then all is there in its old order', async () => {
    await give(publisher, 5);

    for (let time = 0; time < 25; time++) await seen(letters);

    expect(ids(await seen(letters))).toEqual(['event-1', 'event-2', 'event-3', 'event-4', 'event-5']);
  });

  test('when lookers are torn away more often than a queue delivers by default, then nothing is lost', async () => {
    await give(publisher, 3);
    for (let time = 0; time < 25; time++) {
      await broker.onChannel((channel) => channel.consume(deadQueue, nothing));
    }

    expect(await eventually(async () => (await seen(letters)).length === 3)).toBe(true);
  });

  test('when only some are asked for, then those at the head are shown and nothing is lost', async () => {
    await give(publisher, 5);

    expect(ids(await seen(letters, 2))).toEqual(['event-1', 'event-2']);
    expect(new Set(ids(await seen(letters)))).toEqual(new Set(['event-1', 'event-2', 'event-3', 'event-4', 'event-5']));
  });

  test('when there are thousands, then all are shown', async () => {
    await give(publisher, 6_000);

    expect(ids(await seen(letters))).toHaveLength(6_000);
    expect(await broker.waitingIn(deadQueue)).toBe(6_000);
  });

  test('when there is no such queue, then it says so', async () => {
    const other = { ...numbers, deadLetterQueue: { name: 'nobody.dead', arguments: {} } };
    const lost = await DeadLetters.open({ url: broker.url, subscription: other, logger: silent });

    await expect(lost.look(nothing)).rejects.toThrow('this broker has no queue nobody.dead');
    await lost.close();
  });

  test('when there is no broker, then it gives up after a while and says why', async () => {
    const away = { url: 'amqp://127.0.0.1:1', subscription: numbers, logger: silent, withinMs: 200 };

    await expect(DeadLetters.open(away)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('redriving', () => {
  test('when the deliveries were used up, then the letter has all of them again, and nothing of its death', async () => {
    const consumer = await startConsumer(broker, publisher, async () => retry('not yet'));
    await publisher.publish(drawn({ n: 2 }, 'event-2'));
    await eventually(async () => (await broker.waitingIn(deadQueue)) === 1);
    await consumer.close();

    await letters.redrive(() => true, nothing);

    const { properties } = await broker.take(queue);
    expect(properties).toMatchObject({ messageId: 'event-2', type: 'NumberDrawn', contentType: 'application/json' });
    expect(Object.keys(properties.headers!).toSorted()).toEqual(['x-publish-id', 'x-redriven']);
  });

  test('when the consumer has been mended, then each is handled once, in order, and none is left', async () => {
    await give(publisher, 150);

    const { settled } = await letters.redrive(() => true, nothing);

    expect(settled).toBe(150);
    expect(await handled(broker, publisher, 150)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
    expect(await seen(letters)).toEqual([]);
  });

  test('when only some are meant, then the others stay, in their order', async () => {
    await give(publisher, 3, 'poison');
    await give(publisher, 2, 'delivery_limit', 4);

    await letters.redrive(({ messageId }) => messageId === 'event-2', nothing);

    expect(await handled(broker, publisher, 1)).toEqual([2]);
    expect(ids(await seen(letters))).toEqual(['event-1', 'event-3', 'event-4', 'event-5']);
  });

  test('when it is done again, then there is nothing to do', async () => {
    await give(publisher, 2);
    await letters.redrive(() => true, nothing);

    expect(await letters.redrive(() => true, nothing)).toEqual({ seen: 0, settled: 0, waiting: 0 });
    expect(await broker.waitingIn(queue)).toBe(2);
  });

  test('when their queue is gone, then they stay and it says so', async () => {
    await give(publisher, 2);
    await broker.deleteQueue(queue);

    await expect(letters.redrive(() => true, nothing)).rejects.toBeInstanceOf(BrokerUnavailable);

    expect(ids(await seen(letters))).toEqual(['event-1', 'event-2']);
    await broker.onChannel((channel) =>
      channel.assertQueue(queue, { durable: true, arguments: numbers.queue.arguments }),
    );
    await broker.onChannel((channel) => channel.bindQueue(queue, numbers.exchange.name, numbers.routingKey));
  });

  test('when it is stopped, then what was published is gone from the dead letters, and only that', async () => {
    await give(publisher, 500);
    const controller = new AbortController();

    const { settled } = await letters.redrive(
      () => true,
      ({ seen: count }) => count === 150 && controller.abort(),
      {
        signal: controller.signal,
      },
    );

    expect(settled).toBe(150);
    expect(await broker.waitingIn(queue)).toBe(150);
    expect(await broker.waitingIn(deadQueue)).toBe(350);
  });
});

describe('discarding', () => {
  test('when a reason is meant, then its letters are gone for good and the others stay', async () => {
    await give(publisher, 3, 'poison');
    await give(publisher, 2, 'delivery_limit', 4);

    await letters.discard(({ reason }) => reason === 'poison', nothing);

    expect(ids(await seen(letters))).toEqual(['event-4', 'event-5']);
    expect(await broker.waitingIn(queue)).toBe(0);
  });
});
