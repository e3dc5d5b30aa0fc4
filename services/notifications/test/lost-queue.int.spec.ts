import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import {
  BrokerConnection,
  createLogger,
  declareSubscription,
  Publisher,
  readConfig,
  RpcServer,
  ticketCreatedSubscription,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  type TicketCreated,
} from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { notificationsConfig, notificationsModels, startNotifications } from '../src/index.ts';
import { eventOfTicket } from './ticket-created.ts';

const silent = createLogger('spec', 'silent');
const { exchange, queue, routingKey } = ticketCreatedSubscription;

let servers: Isolated;
let connection: BrokerConnection;
/** Publishes as ticketing does, and declares no queue by itself. */
let publisher: Publisher;
let notifications: Awaited<ReturnType<typeof startNotifications>>;

beforeEach(async () => {
  servers = await isolateForTest('lost-queue');
  connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
  publisher = new Publisher({ connection });
  await publisher.ready();
  const mongo = await connectMongo(servers.mongoUrl, silent);
  await createIndexes(notificationsModels(mongo));
  await mongo.close();
  await onChannel((channel) => declareSubscription(channel, ticketCreatedSubscription));
});

afterEach(async () => {
  await notifications.stop();
  await publisher.close();
  await connection.close();
  await servers.dispose();
});

type Channel = Parameters<typeof declareSubscription>[0];
async function onChannel(work: (channel: Channel) => Promise<unknown>): Promise<void> {
  const channel = await (await connection.up()).createChannel();
  await work(channel);
  await channel.close();
}

async function publish(events: readonly TicketCreated[]): Promise<void> {
  for (const event of events) {
    await publisher.publish({ exchange: exchange.name, routingKey, body: Buffer.from(JSON.stringify(event)) });
  }
}

async function start(): Promise<void> {
  const variables = {
    AMQP_URL: servers.amqpUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_PORT: '0',
    NOTIFICATIONS_OPS_PORT: '0',
    SMS_PROVIDER: 'inbox',
  };
  notifications = await startNotifications(readConfig(notificationsConfig, variables), silent);
}

/** Tickets whose SMS are in the inbox, one for every SMS. */
async function texted(): Promise<string[]> {
  const answer = await fetchOnce(`http://127.0.0.1:${notifications.port}/inbox/messages`);
  return ((await answer.json()) as { ticket_id: string }[]).map(({ ticket_id: id }) => id).toSorted();
}

const readiness = async () => (await fetchOnce(`http://127.0.0.1:${notifications.opsPort}/readyz`)).text();

/** Ticketing, as far as it matters here: every event comes again, some seconds after it was asked for. */
async function startTicketing(events: readonly TicketCreated[]): Promise<{ close(): Promise<void> }> {
  const announceAgain = async () => {
    void eventually(() => publish(events).then(() => true));
    return {};
  };
  const server = new RpcServer({
    consumeOn: connection,
    replyOn: connection,
    contract: { AnnounceTicketsAgain: ticketingRpc.AnnounceTicketsAgain },
    queue: ticketingRpcQueue,
    entrances: Object.values(ticketingEntrances),
    handlers: { AnnounceTicketsAgain: announceAgain },
    logger: silent,
  });
  await server.ready();
  return server;
}

test('when the queue is deleted with events in it, then each ticket gets its SMS all the same, once', async () => {
  const events = Array.from({ length: 20 }, () => eventOfTicket());
  await start();
  await publish(events.slice(0, 5));
  await eventually(async () => (await texted()).length === 5);
  await notifications.stop();
  await publish(events.slice(5));
  await onChannel((channel) => channel.deleteQueue(queue.name));

  const ticketing = await startTicketing(events);
  await start();

  await eventually(async () => (await texted()).length >= 20);
  expect(await texted()).toEqual(events.map(({ subject }) => subject).toSorted());
  await ticketing.close();
});

test('when ticketing is away as the queue is gone, then notifications is unready and says why, until it is back', async () => {
  await onChannel((channel) => channel.deleteQueue(queue.name));
  await start();

  await eventually(async () => (await readiness()).includes('ticketing is to announce its tickets again first'));
  const ticketing = await startTicketing([eventOfTicket()]);

  await eventually(async () => (await texted()).length === 1);
  expect(await readiness()).toContain('"ready"');
  await ticketing.close();
});
