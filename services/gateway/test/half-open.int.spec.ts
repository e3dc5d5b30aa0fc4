import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { BrokerConnection, createLogger, Overloaded, RpcClient, ticketingRpc, ticketingRpcQueue } from '@turno/shared';
import { eventually } from '@turno/testing';
import { TicketingClient } from '../src/ticketing-client.ts';
import { listenToRequests, type Requests } from './requests.ts';

const logger = createLogger('spec', 'silent');

const maxPending = 200;

let isolated: Isolated;
let connection: BrokerConnection;
let requests: Requests;
let rpc: RpcClient<typeof ticketingRpc>;
let ticketing: TicketingClient;

beforeEach(async () => {
  isolated = await isolateForTest('half-open');
  connection = await BrokerConnection.open({ url: isolated.amqpUrl, name: 'gateway', logger });
  requests = await listenToRequests(connection);
  rpc = new RpcClient({ connection, contract: ticketingRpc, queue: ticketingRpcQueue, maxPending });
  await rpc.ready();
  ticketing = new TicketingClient({ rpc, timeoutMs: 300, logger });
});
afterEach(async () => {
  ticketing.close();
  await rpc.close();
  await connection.close();
  await isolated.dispose();
});

const callAtOnce = (count: number) =>
  Promise.allSettled(
    Array.from({ length: count }, () =>
      ticketing.call('ReadBranch', { branch_id: '27b6' }, { requestId: 'request-1' }),
    ),
  );
const stateIs = (state: string) => eventually(() => ticketing.breakerState === state);

test('when 100 call at the moment the breaker is half-open, then exactly one message arrives', async () => {
  await callAtOnce(10);
  await stateIs('open');
  const before = await requests.arrived();

  await stateIs('half-open');
  const ends = await callAtOnce(100);

  expect(before).toBe(10);
  expect(await requests.arrived()).toBe(11);
  expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'rejected'));
  expect(ticketing.breakerState).toBe('open');
});

test('when a call is refused here because too many are in flight, then a half-open breaker stays half-open', async () => {
  await callAtOnce(10);
  await stateIs('half-open');
  const options = { requestId: 'request-1', requestKey: 'key-1', timeoutMs: 1_000 };
  const inFlight = Array.from({ length: maxPending }, () => rpc.call('Ping', {}, options));

  const [end] = await callAtOnce(1);

  expect(end).toMatchObject({ status: 'rejected', reason: expect.any(Overloaded) as unknown });
  expect(ticketing.breakerState).toBe('half-open');
  expect(await requests.arrived()).toBe(10);
  await Promise.allSettled(inFlight);
});

test('when the breaker is open, then nothing arrives, and readiness says that it is open and why', async () => {
  await callAtOnce(10);
  await stateIs('open');

  await callAtOnce(100);

  expect(await requests.arrived()).toBe(10);
  await stateIs('half-open');
  await expect(ticketing.readiness()).resolves.toBe('the breaker is half-open: no answer to Ping within 1000 ms');
  await callAtOnce(1);
  await connection.close();
  await expect(ticketing.readiness()).resolves.toBe('the breaker is open: no channel to the broker');
});
