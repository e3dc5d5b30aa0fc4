import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo } from '@turno/mongo';
import { notificationsConfig, startNotifications } from '@turno/notifications';
import {
  BrokerConnection,
  createLogger,
  randomId,
  readConfig,
  RpcClient,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  type RunningService,
  type TicketingRpc,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { OutboxRepository, pendingEvents, startTicketing, ticketingConfig, ticketModel } from '@turno/ticketing';
import { anyPorts, installDemo, serviceVariables } from '../../e2e/installation.ts';
import { OperationCounter, perTicket, type Operations } from './operation-counter.ts';

const silent = createLogger('spec', 'fatal');
const body = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

let servers: Isolated;
let database: Awaited<ReturnType<typeof connectMongo>>;
let counter: OperationCounter;
let services: RunningService[];
let connection: BrokerConnection;
let rpc: RpcClient<TicketingRpc>;

beforeAll(async () => {
  servers = await isolateForTest('operations-of-a-ticket');
  await installDemo(servers);
  database = await connectMongo(servers.mongoUrl, silent);
  counter = await OperationCounter.between(servers);
  services = [
    await startTicketing(readConfig(ticketingConfig, variablesOf('ticketing')), silent),
    await startNotifications(readConfig(notificationsConfig, variablesOf('notifications')), silent),
  ];
  const url = counter.via('gateway', 'broker', servers.amqpUrl);
  connection = await BrokerConnection.open({ url, name: 'gateway', logger: silent });
  rpc = new RpcClient({
    connection,
    contract: ticketingRpc,
    queue: ticketingRpcQueue,
    entrance: ticketingEntrances.gateway,
  });
  await rpc.ready();
  // A service has started before the broker has its queues.
  await eventually(() => rpc.call('Ping', {}, callOptions()).then(() => true));
  await operationsOf(1);
});
afterAll(async () => {
  await rpc.close();
  await connection.close();
  for (const service of services) await service.stop();
  await counter.close();
  await database.close();
  await servers.dispose();
});

function variablesOf(service: 'ticketing' | 'notifications'): NodeJS.ProcessEnv {
  const mongoUrl = counter.via(service, 'database', servers.mongoUrl);
  return {
    ...serviceVariables(servers, anyPorts),
    AMQP_URL: counter.via(service, 'broker', servers.amqpUrl),
    TICKETING_MONGO_URL: mongoUrl,
    NOTIFICATIONS_MONGO_URL: mongoUrl,
  };
}

/** What so many tickets cost that are asked for at once, until their events are handled and marked as published. */
async function operationsOf(tickets: number): Promise<Operations> {
  const before = counter.operations;
  await Promise.all(Array.from({ length: tickets }, take));
  return eventually(async () => {
    const spent = perTicket(before, counter.operations, 1);
    const { ticketing, notifications } = spent;
    const areHandled = notifications.broker['deliver'] === tickets && !!notifications.broker['ack'];
    return areHandled && !!ticketing.broker['ack'] && (await areNonePending()) && spent;
  });
}

const callOptions = () => ({ timeoutMs: 10_000, requestId: 'spec', requestKey: `own:${randomId(24)}` });
const take = () => rpc.call('CreateTicket', { ...body, principal: { kind: 'anonymous' } }, callOptions());

const areNonePending = async () =>
  (await pendingEvents(ticketModel(database), new OutboxRepository(database), 1)).size === 0;

test('when one ticket is asked for alone, then it costs three messages, one insert and one mark', async () => {
  const { gateway, ticketing, notifications } = await operationsOf(1);

  expect(gateway.broker).toMatchObject({ publish: 1, deliver: 1 });
  expect(ticketing.broker).toMatchObject({ deliver: 1, publish: 2, confirm: 2, ack: 1 });
  expect(notifications.broker).toMatchObject({ deliver: 1, ack: 1 });
  expect(ticketing.database).toMatchObject({ insert: 1, update: 1 });
});

test('when 64 tickets are asked for at once, then they share messages, inserts, marks and acknowledgements', async () => {
  const { gateway, ticketing, notifications } = await operationsOf(64);

  expect(gateway.broker['publish']).toBeLessThanOrEqual(8);
  expect(gateway.broker['deliver']).toBeLessThanOrEqual(16);
  expect(ticketing.broker['deliver']).toBeLessThanOrEqual(8);
  // 64 events, which are a message each, and the replies.
  expect(ticketing.broker['publish']).toBeLessThanOrEqual(80);
  expect(notifications.broker['ack']).toBeLessThanOrEqual(32);
  expect(ticketing.database['insert']).toBeLessThanOrEqual(4);
  expect(ticketing.database['update']).toBeLessThanOrEqual(32);
});
