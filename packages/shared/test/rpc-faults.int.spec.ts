import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import {
  BrokerUnavailable,
  OutcomeUnknown,
  type BrokerConnection,
  type RpcClient,
  type RpcServer,
} from '../src/index.ts';
import { Broker } from './broker.ts';
import { gate } from './gate.ts';
import { greeterQueue, sayHello, startClient, startServer, within, type greetings } from './greeter.ts';

let broker: Broker;
let client: RpcClient<typeof greetings>;
let server: RpcServer<typeof greetings> | undefined;

beforeEach(async () => {
  broker = await Broker.open('rpc-faults');
  client = await startClient(broker);
});

afterEach(async () => {
  await client.close();
  await server?.close();
  server = undefined;
  await broker.dispose();
});

const greetAgain = () => eventually(() => client.call('Greet', { name: 'again' }, within(2_000)));
const declareQueue = () =>
  broker.onChannel((channel) =>
    channel.assertQueue(greeterQueue.name, { durable: true, arguments: greeterQueue.arguments }),
  );

/** Starts a server that answers once it may; gives back how many requests it has taken. */
async function startHeldServer(mayAnswer: Promise<void>, replyOn: BrokerConnection): Promise<() => number> {
  let handled = 0;
  server = await startServer(
    broker,
    async (request, context) => {
      handled++;
      await mayAnswer;
      return sayHello(request, context);
    },
    replyOn,
  );
  return () => handled;
}

/** How a call ends, and after how many milliseconds. */
async function endOf(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const start = performance.now();
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - start };
}

describe('when nobody serves', () => {
  test('when the queue does not exist, then the call fails long before its deadline', async () => {
    const { error, ms } = await endOf(client.call('Greet', { name: 'Ana' }, within(10_000)));

    expect(error).toBeInstanceOf(BrokerUnavailable);
    expect(ms).toBeLessThan(3_000);
  });

  test('when the queue is there and no server is, then the outcome is unknown at the deadline', async () => {
    await declareQueue();

    const { error, ms } = await endOf(client.call('Greet', { name: 'Ana' }, within(300)));

    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(ms).toBeGreaterThanOrEqual(250);
    expect(ms).toBeLessThan(3_000);
  });

  test('when the server comes after the deadline, then the request is not handled any more', async () => {
    await declareQueue();
    const { error } = await endOf(client.call('Greet', { name: 'too late' }, within(200)));
    const handled: string[] = [];
    server = await startServer(broker, async (request, context) => {
      handled.push(request.name);
      return sayHello(request, context);
    });

    await client.call('Greet', { name: 'in time' }, within(5_000));

    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(handled).toEqual(['in time']);
  });
});

describe('when the broker closes a connection', () => {
  test("when it is the caller's, then calls under way end as unknown at once and later ones work", async () => {
    const { passed, open } = gate();
    server = await startServer(broker, async (request, context) => (await passed, sayHello(request, context)));
    const pending = [1, 2, 3].map((i) => endOf(client.call('Greet', { name: String(i) }, within(25_000))));

    await broker.closeConnection('caller');
    const ends = await Promise.all(pending);
    open();

    expect(ends.map(({ error }) => error)).toEqual([1, 2, 3].map(() => expect.any(OutcomeUnknown)));
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(20_000);
    await expect(greetAgain()).resolves.toEqual({ text: 'Hello again' });
  });

  test("when it is the caller's and its calls are answered late, then later calls get their own answers", async () => {
    const { passed, open } = gate();
    const handled = await startHeldServer(passed, await broker.connect('late reply'));
    const pending = [1, 2, 3].map((i) => endOf(client.call('Greet', { name: `early ${i}` }, within(25_000))));
    await eventually(() => handled() === 3);
    await broker.closeConnection('caller');
    await Promise.all(pending);
    await client.ready();

    const later = ['Ana', 'Eva', 'Ida'].map((name) => client.call('Greet', { name }, within(25_000)));
    open();

    expect((await Promise.all(later)).map(({ text }) => text)).toEqual(['Hello Ana', 'Hello Eva', 'Hello Ida']);
  });

  test("when it is the server's for requests, then the call under way is answered and later ones work", async () => {
    const { passed, open } = gate();
    server = await startServer(broker, async (request, context) => (await passed, sayHello(request, context)));
    const call = client.call('Greet', { name: 'Ana' }, within(25_000));

    await broker.closeConnection('greeter consume');
    open();

    await expect(call).resolves.toEqual({ text: 'Hello Ana' });
    await expect(greetAgain()).resolves.toEqual({ text: 'Hello again' });
  });

  test("when it is the server's for replies as an answer is ready, then the answer comes all the same", async () => {
    const { passed, open } = gate();
    const replyOn = await broker.connect('greeter reply');
    const handled = await startHeldServer(passed, replyOn);
    const close = await broker.findConnection('greeter reply');
    const call = client.call('Greet', { name: 'Ana' }, within(25_000));
    await eventually(() => handled() === 1);

    replyOn.once('down', open);
    await close();

    await expect(call).resolves.toEqual({ text: 'Hello Ana' });
  });

  test("when the server's for replies does not come back, then another server answers", async () => {
    const { passed, open } = gate();
    const replyOn = await broker.connect('lame reply');
    const handled = await startHeldServer(passed, replyOn);
    const call = client.call('Greet', { name: 'Ana' }, within(25_000));
    await eventually(() => handled() === 1);
    await replyOn.close();
    const other = await startServer(broker, async () => ({ text: 'Hello from the other' }));

    open();

    await expect(call).resolves.toEqual({ text: 'Hello from the other' });
    await other.close();
  });

  test("when it is the server's for replies, then later calls work", async () => {
    server = await startServer(broker, sayHello);

    await broker.closeConnection('greeter reply');

    await expect(greetAgain()).resolves.toEqual({ text: 'Hello again' });
  });
});

describe('when the queue is deleted', () => {
  test('when a server was on it, then it declares it again and serves', async () => {
    server = await startServer(broker, sayHello);
    await client.call('Greet', { name: 'before' }, within(5_000));

    await broker.deleteQueue(greeterQueue.name);

    await expect(greetAgain()).resolves.toEqual({ text: 'Hello again' });
  });
});

describe('when the server stops', () => {
  test('when a request is in work, then it is answered first', async () => {
    const { passed, open } = gate();
    const begun = gate();
    server = await startServer(broker, async (request, context) => {
      begun.open();
      await passed;
      return sayHello(request, context);
    });
    const call = client.call('Greet', { name: 'Ana' }, within(10_000));
    await begun.passed;

    const closed = server.close();
    open();

    await expect(call).resolves.toEqual({ text: 'Hello Ana' });
    await closed;
    expect(server.isReady).toBe(false);
  });

  test('when a client is closed with calls under way, then they end as unknown', async () => {
    await declareQueue();
    const end = endOf(client.call('Greet', { name: 'Ana' }, within(20_000)));

    await client.close();

    expect((await end).error).toBeInstanceOf(OutcomeUnknown);
    await expect(client.call('Greet', { name: 'Ana' }, within(1_000))).rejects.toBeInstanceOf(BrokerUnavailable);
  });
});
