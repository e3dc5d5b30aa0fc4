import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { BrokerConnection, queueDepths } from '../src/index.ts';
import { Broker, silent } from './broker.ts';

let broker: Broker;

beforeAll(async () => {
  broker = await Broker.open('queue-depths');
});
afterAll(() => broker.dispose());

test('when a queue has messages, then they are counted, and one that does not exist says so and stands before no other', async () => {
  const connection = await broker.connect('watcher');
  await connection.up();
  await broker.onChannel((channel) =>
    channel.assertQueue('full', { durable: true, arguments: { 'x-queue-type': 'classic' } }),
  );
  await broker.send('full', 'one');
  await broker.send('full', 'two');

  const depths = await eventually(async () => {
    const all = await queueDepths(connection, ['missing', 'full']);
    return all[1]?.depth?.messages === 2 ? all : undefined;
  });

  expect(depths).toEqual([{ name: 'missing' }, { name: 'full', depth: { messages: 2, consumers: 0 } }]);
});

test('when there is no broker, then it says so at once', async () => {
  const connection = await BrokerConnection.open({ url: 'amqp://127.0.0.1:1', name: 'watcher', logger: silent });

  await expect(queueDepths(connection, ['full'])).rejects.toThrow('no connection to the broker');

  await connection.close();
});
