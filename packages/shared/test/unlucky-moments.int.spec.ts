import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfirmChannel } from 'amqplib';
import { eventually, TcpLink } from '@turno/testing';
import {
  BrokerConnection,
  BrokerUnavailable,
  Consumer,
  declareSubscription,
  done,
  Publisher,
  type ConsumerOptions,
} from '../src/index.ts';
import { Broker, silent } from './broker.ts';
import { drawn, numberEvent, numbers, startPublisher, type NumberEvent } from './numbers.ts';

let broker: Broker;
let link: TcpLink;
/** Over the link. Without heartbeats, as during an alarm: the silence of the other end tells nothing. */
let connection: BrokerConnection;
let handled: number[];

beforeEach(async () => {
  broker = await Broker.open('unlucky-moments');
  link = await TcpLink.to(broker.url);
  const url = link.urlFor(`${broker.url}?heartbeat=0`);
  connection = await BrokerConnection.open({ url, name: 'over the link', logger: silent });
  handled = [];
});

afterEach(async () => {
  await link.mend();
  await connection.close();
  await link.close();
  await broker.dispose();
});

const queue = numbers.queue.name;
/** The bytes with which a client asks to consume the queue: its name, and no consumer tag. */
const asksToConsume = `${queue}\0`;

/** The bytes with which a client asks for its vhost, when the broker has heard who it is. */
function asksToOpen(): string {
  const [, vhost] = new URL(broker.url).pathname.split('/');
  return vhost!;
}

function consumer(options: Partial<ConsumerOptions<NumberEvent>> = {}): Consumer<NumberEvent> {
  return new Consumer({
    connection,
    subscription: numbers,
    schema: numberEvent,
    handle: async ({ n }) => (handled.push(n), done),
    publisher: new Publisher({ connection }),
    logger: silent,
    ...options,
  });
}

async function publish(...given: number[]): Promise<void> {
  const publisher = await startPublisher(await broker.connect('numbers publish'));
  for (const n of given) await publisher.publish(drawn({ n }));
  await publisher.close();
}

describe('when the broker speaks before anybody listens', () => {
  test('when it cancels a consumer in the moment of its start, then the consumer subscribes anew', async () => {
    const asked = link.holdAnswersFrom(asksToConsume);
    const numbersConsumer = consumer();
    await asked;
    await eventually(() => broker.deleteQueue(queue).then(() => true));
    await link.mend();

    await eventually(() => publish(7).then(() => true));

    expect(await eventually(() => handled.includes(7))).toBe(true);
    await numbersConsumer.close();
  });

  test('when it closes a connection in the moment of its opening, then there is another one', async () => {
    await connection.close();
    const asked = link.holdAnswersFrom(asksToOpen());
    const url = link.urlFor(broker.url);
    const unlucky = await BrokerConnection.open({ url, name: 'unlucky', logger: silent });
    await asked;
    await broker.closeConnection('unlucky');
    await link.mend();

    const model = await eventually(async () => {
      const channel = await unlucky.model!.createChannel();
      await channel.close();
      return unlucky.model;
    });

    expect(model).toBe(unlucky.model);
    await unlucky.close();
  });
});

test('when a channel is lost while its queues are made, and making them never ends, then they are made on the next channel', async () => {
  const attempts: ConfirmChannel[] = [];
  const publisher = new Publisher({
    connection,
    declare: async (channel) => {
      attempts.push(channel);
      if (attempts.length === 1) await new Promise(() => undefined);
    },
  });
  await eventually(() => attempts.length === 1);

  await attempts[0]!.close();

  await publisher.ready();
  expect(attempts).toHaveLength(2);
  await publisher.close();
});

describe('closing', () => {
  test('when messages come as a consumer closes that was just starting, then none is handled and none is lost', async () => {
    await publish(1, 2, 3);
    const asked = link.holdAnswersFrom(asksToConsume);
    const numbersConsumer = consumer();
    await asked;
    await eventually(async () => (await broker.waitingIn(queue)) === 0);

    const closed = numbersConsumer.close();
    await link.mend();
    await closed;

    await eventually(async () => (await broker.waitingIn(queue)) === 3);
    expect(handled).toEqual([]);
  });

  test('when the broker answers nothing, then publisher and connection are closed all the same', async () => {
    const publisher = new Publisher({ connection });
    await publisher.ready();
    link.hold();
    const start = performance.now();

    await publisher.close();
    await connection.close();

    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('when the broker falls silent under a consumer, then the consumer is closed all the same', async () => {
    const numbersConsumer = consumer();
    await numbersConsumer.ready();
    link.hold();
    const start = performance.now();

    await numbersConsumer.close();

    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('when a connection is closed that was just opening, then it is gone, before a network that breaks can hurt anybody', async () => {
    await connection.close();
    const asked = link.holdAnswersFrom(asksToOpen());
    const opening = await BrokerConnection.open({ url: link.urlFor(broker.url), name: 'opening', logger: silent });
    await asked;

    await opening.close();

    expect(await eventually(() => link.open === 0)).toBe(true);
  });

  test('when somebody waits for a channel that is closed before it was open, then they are told', async () => {
    const away = await BrokerConnection.open({ url: 'amqp://127.0.0.1:1', name: 'away', logger: silent });
    const publisher = new Publisher({ connection: away });
    const told = publisher.ready().catch((error: unknown) => error);

    await publisher.close();
    await away.close();

    expect(await told).toBeInstanceOf(BrokerUnavailable);
    await expect(publisher.ready()).rejects.toBeInstanceOf(BrokerUnavailable);
  });
});

test('when the broker falls silent as a returned message has all declared again, then its sender is told in time', async () => {
  let declared = 0;
  const declare = async (channel: Parameters<typeof declareSubscription>[0]): Promise<void> => {
    if (declared++ > 0) link.hold();
    await declareSubscription(channel, numbers);
  };
  const publisher = new Publisher({ connection, declare, confirmTimeoutMs: 300 });
  await publisher.ready();

  await expect(publisher.publish({ ...drawn({ n: 1 }), routingKey: 'nobody' })).rejects.toThrow('no queue is bound');

  await link.mend();
  await publisher.close();
});
