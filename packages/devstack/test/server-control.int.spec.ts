import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { Stack } from '../src/index.ts';
import { answersAmqp, answersMongo, requestManagement } from '../src/servers/answers.ts';
import { startSecondStack } from './second-stack.ts';

const startMs = 120_000;

async function declareQueue({ managementUrl }: Stack, name: string): Promise<void> {
  const { status } = await requestManagement(managementUrl, 'PUT', `/api/queues/%2F/${name}`, { durable: true });
  expect(status).toBe(201);
}

async function queues({ managementUrl }: Stack): Promise<string[]> {
  const { text } = await requestManagement(managementUrl, 'GET', '/api/queues/%2F?columns=name');
  return (JSON.parse(text) as { name: string }[]).map(({ name }) => name).toSorted();
}

async function withCollection<T>(
  { mongoUrl }: Stack,
  use: (c: ReturnType<typeof collectionOf>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(mongoUrl, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await use(collectionOf(client));
  } finally {
    await client.close();
  }
}
const collectionOf = (client: MongoClient) => client.db('control').collection<{ _id: string }>('documents');
const insert = (stack: Stack, _id: string) => withCollection(stack, (collection) => collection.insertOne({ _id }));
const ids = (stack: Stack) =>
  withCollection(stack, async (collection) =>
    (await collection.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id),
  );

let stack: Stack;
beforeAll(async () => {
  stack = await startSecondStack('control');
}, startMs);
afterAll(() => stack.stop(), startMs);

describe('a broker', () => {
  it.each(['stop', 'kill'] as const)(
    'comes back on the same port with what it had after %s',
    async (action) => {
      await declareQueue(stack, `before-${action}`);
      await stack.broker[action]();
      await expect(answersAmqp(stack.amqpUrl, 1_000)).rejects.toThrow('ECONNREFUSED');

      await stack.broker.start();

      expect(await queues(stack)).toContain(`before-${action}`);
    },
    startMs,
  );

  it('answers nothing while it is paused, and goes on after', async () => {
    await stack.broker.pause();
    await expect(answersAmqp(stack.amqpUrl, 300)).rejects.toThrow('no answer within 300 ms');
    await stack.broker.resume();
    await answersAmqp(stack.amqpUrl, 10_000);
  });

  it('can be asked with rabbitmqctl', async () => {
    await expect(stack.broker.rabbitmqctl('list_vhosts', '--silent')).resolves.toContain('/');
    await expect(stack.broker.rabbitmqctl('no_such_command')).rejects.toThrow(/no_such_command/);
  }, 60_000);
});

describe('a database', () => {
  it.each(['stop', 'kill'] as const)(
    'comes back on the same port with what it had after %s',
    async (action) => {
      await insert(stack, `before-${action}`);
      await stack.database[action]();
      await expect(answersMongo(stack.mongoUrl, 500)).rejects.toThrow('ECONNREFUSED');

      await stack.database.start();

      expect(await ids(stack)).toContain(`before-${action}`);
    },
    startMs,
  );

  it('answers nothing while it is paused, and goes on after', async () => {
    await stack.database.pause();
    await expect(answersMongo(stack.mongoUrl, 300)).rejects.toThrow(/timed out|timeout/i);
    await stack.database.resume();
    await answersMongo(stack.mongoUrl, 10_000);
  });
});

describe('the data of a stack', () => {
  it(
    'are there at the next start if they are kept, and only then',
    async () => {
      const first = await startSecondStack('kept', true);
      await declareQueue(first, 'kept');
      await insert(first, 'kept');
      await first.stop();

      const second = await startSecondStack('kept', true);
      expect([await queues(second), await ids(second)]).toEqual([['kept'], ['kept']]);
      await second.stop();

      const third = await startSecondStack('kept', false);
      expect([await queues(third), await ids(third)]).toEqual([[], []]);
      await third.stop();
    },
    startMs,
  );
});
