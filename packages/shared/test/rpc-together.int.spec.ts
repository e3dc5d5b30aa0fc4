import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import {
  BrokerUnavailable,
  maxMessageBytes,
  OutcomeUnknown,
  RemoteFailure,
  type BrokerConnection,
  type RpcClient,
  type RpcEntrance,
  type RpcServer,
} from '../src/index.ts';
import { maxCallsPerMessage } from '../src/messaging/fit-messages.ts';
import { Broker } from './broker.ts';
import { gate } from './gate.ts';
import { greeterQueue, sayHello, startClient, startServer, within, type Greet, type greetings } from './greeter.ts';
import { askByHand } from './rpc-by-hand.ts';

let broker: Broker;
let client: RpcClient<typeof greetings>;
let servers: RpcServer<typeof greetings>[];

beforeAll(async () => {
  broker = await Broker.open('rpc-together');
});
beforeEach(async () => {
  servers = [];
  client = await startClient(broker);
});
afterEach(async () => {
  await client.close();
  await Promise.all(servers.map((server) => server.close()));
  await broker.deleteQueue(greeterQueue.name);
});
afterAll(() => broker.dispose());

type More = Parameters<typeof startServer>[3];

async function serve(greet: Greet = sayHello, replyOn?: BrokerConnection, more?: More): Promise<void> {
  servers.push(await startServer(broker, greet, replyOn, more));
}

const declareQueue = () =>
  broker.onChannel((channel) =>
    channel.assertQueue(greeterQueue.name, { durable: true, arguments: greeterQueue.arguments }),
  );

const call = (name: string, timeoutMs = 10_000) => client.call('Greet', { name }, within(timeoutMs));
const namesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `name ${index}`);
const hello = (name: string) => ({ text: `Hello ${name}` });

describe('calls of one turn', () => {
  test('when there are many, then they share a few messages, and each has its own answer', async () => {
    await declareQueue();
    const names = namesOf(2 * maxCallsPerMessage + 1);

    const calls = names.map((name) => call(name));

    // The first has nobody to share with when it is made.
    await eventually(async () => (await broker.waitingIn(greeterQueue.name)) === 3);
    await serve();
    expect(await Promise.all(calls)).toEqual(names.map(hello));
  });

  test('when one is slow, then the others have their answers before it', async () => {
    const { passed, open } = gate();
    await serve(async (request, context) => {
      if (request.name === 'slow') await passed;
      return sayHello(request, context);
    });

    const [, slow, ...others] = ['first', 'slow', 'Ana', 'Eva'].map((name) => call(name));

    await expect(Promise.all(others)).resolves.toEqual([hello('Ana'), hello('Eva')]);
    open();
    await expect(slow).resolves.toEqual(hello('slow'));
  });

  test('when one breaks the contract, then it fails alone', async () => {
    await serve();

    const [, bad, good] = [call('first'), call(7 as unknown as string), call('Ana')];

    await expect(bad).rejects.toBeInstanceOf(RemoteFailure);
    await expect(good).resolves.toEqual(hello('Ana'));
  });

  test('when no queue takes them, then all fail long before their deadlines', async () => {
    const ends = await Promise.allSettled(namesOf(4).map((name) => call(name)));

    expect(ends.map((end) => end.status === 'rejected' && (end.reason as unknown))).toEqual(
      ends.map(() => expect.any(BrokerUnavailable)),
    );
    expect(client.pending).toBe(0);
  });

  test('when one is past its deadline as the server comes, then it alone is not handled', async () => {
    await declareQueue();
    const handled: string[] = [];
    const [, early, late] = [call('first'), call('early'), call('late', 100)];
    await expect(late).rejects.toBeInstanceOf(OutcomeUnknown);

    await serve(async (request, context) => (handled.push(request.name), sayHello(request, context)));

    await expect(early).resolves.toEqual(hello('early'));
    expect(handled).toEqual(['first', 'early']);
  });

  test('when their replies cannot be sent, then another server handles each once more, and answers', async () => {
    const { passed, open } = gate();
    const replyOn = await broker.connect('lame reply');
    const begun: string[] = [];
    await serve(
      async (request, context) => (begun.push(request.name), await passed, sayHello(request, context)),
      replyOn,
    );
    const names = namesOf(4);
    const calls = names.map((name) => call(name, 20_000));
    await eventually(() => begun.length === 4);
    await replyOn.close();
    const again: string[] = [];
    await serve(async ({ name }) => (again.push(name), { text: `${name} from the other` }));

    open();

    expect(await Promise.all(calls)).toEqual(names.map((name) => ({ text: `${name} from the other` })));
    expect(again.toSorted()).toEqual(names);
  });
});

test('when there are more than a server works on, then the others wait, in their order', async () => {
  const { passed, open } = gate();
  const begun: string[] = [];
  const greet: Greet = async (request, context) => (begun.push(request.name), await passed, sayHello(request, context));
  await serve(greet, undefined, { prefetch: 2 });
  const names = namesOf(8);
  const calls = names.map((name) => call(name));

  await eventually(async () => begun.length === 2 && (await broker.waitingIn(greeterQueue.name)) === 0);
  expect(begun).toEqual(names.slice(0, 2));

  open();
  await Promise.all(calls);
  expect(begun).toEqual(names);
});

describe('a lone call', () => {
  test('when it is sent, then its message has its name and nothing but its request', async () => {
    await declareQueue();
    const told = call('Ana', 300).catch(() => undefined);

    const { content, properties } = await broker.take(greeterQueue.name);

    expect(JSON.parse(content.toString())).toEqual({ name: 'Ana' });
    expect(properties).toMatchObject({ type: 'Greet', correlationId: '1', expiration: '300' });
    expect(Object.keys(properties.headers!).toSorted()).toEqual(['x-deadline', 'x-request-id', 'x-request-key']);
    await told;
  });

  test('when it is answered, then the message is its reply', async () => {
    await serve();
    const sent = { type: 'Greet', correlationId: 'mine', headers: headersUntil(Date.now() + 5_000) };

    const reply = await askByHand(broker, greeterQueue.name, { name: 'Ana' }, sent);

    expect(reply).toEqual({ type: undefined, correlationId: 'mine', body: { kind: 'result', result: hello('Ana') } });
  });
});

const whole = (id: string) => ({
  id,
  method: 'Greet',
  headers: headersUntil(Date.now() + 5_000),
  request: { name: id },
});

const headersUntil = (deadline: number) => ({ 'x-deadline': deadline, 'x-request-key': 'key' });

describe('a message of several calls that somebody made up', () => {
  const inTime = { 'x-deadline': Number.MAX_SAFE_INTEGER };

  test.each([
    ['is not JSON', '['],
    ['has no list', { calls: [] }],
    ['has more calls than any of ours', Array.from({ length: maxCallsPerMessage + 1 }, () => whole('Ana'))],
    ['is larger than any of ours', [{ ...whole('Ana'), request: { name: 'x'.repeat(maxMessageBytes) } }]],
  ])('when it %s, then it is dropped unread, and the next call is served', async (_what, body) => {
    const handled: string[] = [];
    await serve(async (request, context) => (handled.push(request.name), sayHello(request, context)));

    await broker.send(greeterQueue.name, body, { type: 'calls' });

    await expect(call('next')).resolves.toEqual(hello('next'));
    expect(handled).toEqual(['next']);
  });

  test('when some of them are no calls, then those are dropped or refused, and the others answered', async () => {
    await serve();
    const nameless = { ...whole('x'), id: 'x'.repeat(300) };
    const calls = [
      null,
      7,
      [],
      {},
      nameless,
      { ...whole('late'), headers: null },
      { ...whole('late'), headers: { 'x-deadline': { valueOf: 1, toString: 1 } } },
      { ...whole('keyless'), headers: inTime },
      { ...whole('unknown'), method: 'toString' },
      whole('Ana'),
    ];

    const { body } = await askByHand(broker, greeterQueue.name, calls, { type: 'calls' });

    const broken = { kind: 'failure', message: 'the request breaks the contract', retryable: false };
    expect(body).toEqual([
      { id: 'keyless', reply: broken },
      { id: 'unknown', reply: broken },
      { id: 'Ana', reply: { kind: 'result', result: hello('Ana') } },
    ]);
  });

  test('when they come by an entrance that is for one of them, then the others are refused', async () => {
    const entrance: RpcEntrance = {
      exchange: { name: 'greeter.rpc.mute', type: 'direct' },
      methods: new Set(['Wave']),
    };
    await serve(sayHello, undefined, { entrances: [entrance] });
    const mute = await startClient(broker, undefined, entrance);

    const [, ...together] = [
      mute.call('Wave', {}, within(5_000)),
      mute.call('Greet', { name: 'Ana' }, within(5_000)),
      mute.call('Wave', {}, within(5_000)),
    ];

    const [greeted, waved] = await Promise.allSettled(together);
    expect(greeted).toMatchObject({ reason: { message: 'the request breaks the contract' } });
    expect(waved).toMatchObject({ value: { text: 'waved' } });
    await mute.close();
  });
});
