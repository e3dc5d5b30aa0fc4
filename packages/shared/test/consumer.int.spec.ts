import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { deadLetter, done, holdOff, retry, type Consumer, type Outcome, type Publisher } from '../src/index.ts';
import { Broker } from './broker.ts';
import { gate } from './gate.ts';
import { drawn, numbers, startConsumer, startPublisher, type NumberEvent } from './numbers.ts';

let broker: Broker;
let publisher: Publisher;
let consumer: Consumer<NumberEvent>;
let decide: (event: NumberEvent) => Promise<Outcome>;
/** The numbers that were handled, and when. */
let handled: { n: number; at: number }[];

const handle = (event: NumberEvent): Promise<Outcome> => {
  handled.push({ n: event.n, at: Date.now() });
  return decide(event);
};

beforeEach(async () => {
  broker = await Broker.open('consumer');
  publisher = await startPublisher(await broker.connect('numbers publish'));
  handled = [];
  decide = async () => done;
  consumer = await startConsumer(broker, publisher, handle);
});

afterEach(async () => {
  await consumer.close();
  await publisher.close();
  await broker.dispose();
});

const queue = numbers.queue.name;
const deadQueue = numbers.deadLetterQueue.name;
const handledTimes = (count: number) => eventually(async () => handled.length >= count);

/** The queue is empty also when nobody holds a message of it any more. */
async function leftInQueue(): Promise<number> {
  await consumer.close();
  return broker.waitingIn(queue);
}

describe('outcomes', () => {
  test('when a message is done, then it is gone', async () => {
    await publisher.publish(drawn({ n: 1 }));
    await handledTimes(1);

    expect(await leftInQueue()).toBe(0);
    expect(await broker.waitingIn(deadQueue)).toBe(0);
  });

  test('when a message is to be retried, then it comes again, later each time', async () => {
    decide = async () => (handled.length < 3 ? retry('not yet') : done);
    await publisher.publish(drawn({ n: 1 }));
    await handledTimes(3);

    const [first, second, third] = handled.map(({ at }) => at) as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(190);
    expect(third - second).toBeGreaterThanOrEqual(290);
    expect(await leftInQueue()).toBe(0);
  });

  test('when a message waits for its retry, then those behind it are handled meanwhile', async () => {
    decide = async ({ n }) => (n === 1 && handled.length < 4 ? retry('not yet') : done);
    for (const n of [1, 2, 3]) await publisher.publish(drawn({ n }));
    await handledTimes(4);

    expect(handled.map(({ n }) => n)).toEqual([1, 2, 3, 1]);
  });

  test('when the deliveries are used up, then the message is a dead letter', async () => {
    decide = async () => retry('never');
    await publisher.publish(drawn({ n: 1 }, 'event-9'));

    const letter = await broker.take(deadQueue);

    expect(JSON.parse(letter.content.toString())).toEqual({ n: 1 });
    expect(letter.properties.messageId).toBe('event-9');
    expect(letter.properties.headers).toMatchObject({ 'x-last-death-reason': 'delivery_limit' });
    // The first delivery and as many again as the limit says.
    expect(handled).toHaveLength(3);
  });

  test('when the handler throws, then the message is retried', async () => {
    decide = async () => {
      if (handled.length < 2) throw new Error('the database is away');
      return done;
    };
    await publisher.publish(drawn({ n: 1 }));
    await handledTimes(2);

    expect(await leftInQueue()).toBe(0);
    expect(await broker.waitingIn(deadQueue)).toBe(0);
  });

  test('when what handling needs is away, then the message comes again however often, and is no dead letter', async () => {
    decide = async () => (handled.length < 20 ? holdOff('the database is away') : done);
    await publisher.publish(drawn({ n: 1 }));
    await handledTimes(20);

    expect(await leftInQueue()).toBe(0);
    expect(await broker.waitingIn(deadQueue)).toBe(0);
  });

  test('when a message was held off, then it has as many deliveries left as before', async () => {
    decide = async () => (handled.length <= 5 ? holdOff('the database is away') : retry('never'));
    await publisher.publish(drawn({ n: 1 }));

    await broker.take(deadQueue);

    expect(handled).toHaveLength(5 + 3);
  });

  test('when a message can never be done, then it is a dead letter at once, with the reason', async () => {
    decide = async () => deadLetter('the customer is a ghost');
    await publisher.publish(drawn({ n: 1 }, 'event-9'));

    const { content, properties } = await broker.take(deadQueue);

    expect(JSON.parse(content.toString())).toEqual({ n: 1 });
    expect(properties).toMatchObject({ messageId: 'event-9', type: 'NumberDrawn' });
    expect(properties.headers).toMatchObject({ 'x-dead-letter-reason': 'the customer is a ghost' });
    expect(handled).toHaveLength(1);
    expect(await leftInQueue()).toBe(0);
  });
});

describe('poison', () => {
  test.each([
    ['is not JSON', '{"n": ', 'the message is not JSON'],
    ['is empty', '', 'the message is not JSON'],
    ['is not of the schema', { n: 'one' }, 'the message breaks the contract: n: '],
    ['is no object', [], 'the message breaks the contract: body: '],
  ])('when a message %s, then it is a dead letter and its neighbours are handled', async (_what, poison, reason) => {
    await publisher.publish(drawn({ n: 1 }));
    await publisher.publish(drawn(poison));
    await publisher.publish(drawn({ n: 2 }));

    const { content, properties } = await broker.take(deadQueue);
    await handledTimes(2);

    expect(content).toEqual(drawn(poison).body);
    expect(properties.headers?.['x-dead-letter-reason']).toContain(reason);
    expect(handled.map(({ n }) => n)).toEqual([1, 2]);
    expect(await leftInQueue()).toBe(0);
  });

  test('when reasons hold what an attacker sent, then its values are not in them', async () => {
    await publisher.publish(drawn({ n: '+51987776576' }));

    const { properties } = await broker.take(deadQueue);

    expect(properties.headers?.['x-dead-letter-reason']).not.toContain('+51987776576');
  });
});

describe('recovery', () => {
  test('when the queue is deleted, then the consumer makes it again and handles what comes', async () => {
    await broker.deleteQueue(queue);

    await eventually(() => publisher.publish(drawn({ n: 5 })).then(() => true));

    await handledTimes(1);
    expect(handled[0]!.n).toBe(5);
  });

  test('when the connection breaks with a message in work, then the message comes again', async () => {
    const { passed, open } = gate();
    decide = async () => (await passed, done);
    await publisher.publish(drawn({ n: 6 }));
    await handledTimes(1);

    await broker.closeConnection('numbers consume');
    await handledTimes(2);
    open();

    await eventually(async () => consumer.isReady);
    expect(await leftInQueue()).toBe(0);
  });

  test('when the dead letter cannot be stored, then the message is not lost', async () => {
    await publisher.close();
    decide = async () => deadLetter('no use');
    await broker.onChannel(async (channel) => channel.publish('numbers', numbers.routingKey, drawn({ n: 7 }).body));

    const { content } = await broker.take(deadQueue);

    expect(JSON.parse(content.toString())).toEqual({ n: 7 });
    expect(handled).toHaveLength(3);
  });
});

describe('a dead letter that the broker refuses', () => {
  test('when its queue is full, then it is kept, and those beside it are handled once', async () => {
    await broker.deleteQueue(deadQueue);
    const args = { 'x-max-length': 1, 'x-overflow': 'reject-publish' };
    await broker.onChannel((channel) => channel.assertQueue(deadQueue, { durable: true, arguments: args }));
    await broker.send(deadQueue, 'the one it has room for');
    const { passed, open } = gate();
    decide = async ({ n }) => (n === 1 ? deadLetter('no use') : (await passed, done));
    for (const n of [2, 1]) await publisher.publish(drawn({ n }));
    await handledTimes(3);

    await broker.take(deadQueue);
    const letter = await broker.take(deadQueue);
    open();

    expect(JSON.parse(letter.content.toString())).toEqual({ n: 1 });
    expect(handled.filter(({ n }) => n === 2)).toHaveLength(1);
  });
});

describe('closing', () => {
  test('when a handler is at work, then it finishes and its message is settled', async () => {
    const { passed, open } = gate();
    decide = async () => (await passed, done);
    await publisher.publish(drawn({ n: 1 }));
    await handledTimes(1);

    const closed = consumer.close();
    await publisher.publish(drawn({ n: 2 }));
    open();
    await closed;

    expect(handled.map(({ n }) => n)).toEqual([1]);
    const { content } = await broker.take(queue);
    expect(JSON.parse(content.toString())).toEqual({ n: 2 });
    expect(await broker.waitingIn(queue)).toBe(0);
  });

  test('when messages are held off, then no more than the prefetch were tried, and all are given back at once', async () => {
    await consumer.close();
    decide = async () => holdOff('the database is away');
    const minutes = 600_000;
    consumer = await startConsumer(broker, publisher, handle, minutes);
    await Promise.all(Array.from({ length: 300 }, (_, n) => publisher.publish(drawn({ n }))));
    await handledTimes(100);

    await consumer.close();

    await eventually(async () => (await broker.waitingIn(queue)) === 300);
    expect(handled).toHaveLength(100);
  });
});
