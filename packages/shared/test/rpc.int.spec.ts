import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { ContractViolation, Overloaded, Refusal, RemoteFailure } from '../src/index.ts';
import { Broker } from './broker.ts';
import { gate } from './gate.ts';
import { greeterQueue, sayHello, startClient, startServer, within, type Greet } from './greeter.ts';

let broker: Broker;
let greet: Greet = sayHello;
let client: Awaited<ReturnType<typeof startClient>>;
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  broker = await Broker.open('rpc');
  client = await startClient(broker, 100);
  server = await startServer(broker, (request, context) => greet(request, context));
});

afterEach(() => {
  greet = sayHello;
});

afterAll(async () => {
  await client.close();
  await server.close();
  await broker.dispose();
});

describe('a call', () => {
  test('when the server has an answer, then it comes back', async () => {
    await expect(client.call('Greet', { name: 'Ana' }, within(5_000))).resolves.toEqual({ text: 'Hello Ana' });
  });

  test('when the server is called, then it learns who asks and until when', async () => {
    greet = async (_request, { requestId, requestKey, deadline }) => ({
      text: JSON.stringify([requestId, requestKey, deadline]),
    });
    const before = Date.now();

    const { text } = await client.call('Greet', { name: 'Ana' }, within(5_000, 'key of the caller'));

    expect(JSON.parse(text)).toEqual(['request-1', 'key of the caller', expect.any(Number)]);
    const [, , deadline] = JSON.parse(text) as [string, string, number];
    expect(deadline - before - 5_000).toBeGreaterThanOrEqual(0);
    expect(deadline - 5_000).toBeLessThanOrEqual(Date.now());
  });

  test('when the server refuses, then the reason comes back', async () => {
    greet = async () => {
      throw new Refusal('BRANCH_CLOSED');
    };

    const call = client.call('Greet', { name: 'Ana' }, within(5_000));

    await expect(call).rejects.toThrow(new Refusal('BRANCH_CLOSED'));
    await expect(call).rejects.toMatchObject({ reason: 'BRANCH_CLOSED', retryable: false });
  });

  test('when the server fails, then its own words stay with it', async () => {
    greet = async () => {
      throw new Error('the password is secret');
    };

    const error = await client.call('Greet', { name: 'Ana' }, within(5_000)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(RemoteFailure);
    expect(error).toMatchObject({ retryable: false, message: expect.not.stringContaining('secret') });
  });

  test('when the server fails for a while, then the caller learns that a retry can help', async () => {
    greet = async () => {
      throw new Overloaded('too much to do');
    };

    await expect(client.call('Greet', { name: 'Ana' }, within(5_000))).rejects.toMatchObject({
      code: 'REMOTE_FAILURE',
      retryable: true,
    });
  });

  test('when the request breaks the contract, then the server does not handle it', async () => {
    const request = { name: 7 } as unknown as { name: string };

    await expect(client.call('Greet', request, within(5_000))).rejects.toThrow('the request breaks the contract');
  });

  test('when the result has the wrong shape, then it does not reach the caller', async () => {
    greet = async () => ({ words: 'Hello' }) as unknown as { text: string };

    await expect(client.call('Greet', { name: 'Ana' }, within(5_000))).rejects.toBeInstanceOf(ContractViolation);
  });

  test('when 100 run at once and are answered in disorder, then each has its own answer', async () => {
    greet = async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      return { text: name };
    };
    const names = Array.from({ length: 100 }, (_, i) => `name ${i}`);

    const answers = await Promise.all(names.map((name) => client.call('Greet', { name }, within(10_000))));

    expect(answers.map(({ text }) => text)).toEqual(names);
  });
});

describe('the bound on calls in flight', () => {
  test('when it is reached, then one more is refused at once, and taken again later', async () => {
    const { passed, open } = gate();
    greet = async (request, context) => (await passed, sayHello(request, context));
    const held = Array.from({ length: 100 }, () => client.call('Greet', { name: 'held' }, within(10_000)));

    await expect(client.call('Greet', { name: 'one more' }, within(10_000))).rejects.toBeInstanceOf(Overloaded);
    open();
    await Promise.all(held);
    await expect(client.call('Greet', { name: 'Ana' }, within(5_000))).resolves.toEqual({ text: 'Hello Ana' });
  });
});

describe('a message that is no call', () => {
  test.each([
    ['has no deadline', { type: 'Greet' }],
    ['has a deadline that is no number', { type: 'Greet', headers: { 'x-deadline': { valueOf: 1, toString: 1 } } }],
    ['is past its deadline', { type: 'Greet', headers: { 'x-deadline': 1 } }],
    ['names no method', { type: 'toString', headers: { 'x-deadline': Number.MAX_SAFE_INTEGER } }],
  ])('when it %s, then it is dropped and the next call is served', async (_what, properties) => {
    await broker.send(greeterQueue.name, { name: 'nobody' }, properties);

    await expect(client.call('Greet', { name: 'Ana' }, within(5_000))).resolves.toEqual({ text: 'Hello Ana' });
    await eventually(async () => (await broker.waitingIn(greeterQueue.name)) === 0);
  });
});
