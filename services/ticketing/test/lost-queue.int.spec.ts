import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import {
  BrokerConnection,
  Consumer,
  done,
  migrateSubscriptions,
  Publisher,
  readConfig,
  RpcClient,
  subscriptions,
  ticketCreated,
  ticketCreatedSubscription,
  ticketingRpc,
  ticketingEntrances,
  ticketingRpcQueue,
  type RunningService,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { OutboxRepository } from '../src/data-access/outbox-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { issueTicket } from '../src/domain/ticket.ts';
import { startTicketing, ticketingConfig, ticketingModels } from '../src/index.ts';
import { silent } from './database.ts';
import { draft } from './drafts.ts';

const queue = ticketCreatedSubscription.queue.name;
const queueDay = { branchId: '27b6', queue: 'T', businessDay: new Date().toISOString().slice(0, 10) };

let servers: Isolated;
let connection: BrokerConnection;
let ticketing: RunningService;

beforeEach(async () => {
  servers = await isolateForTest('lost-queue');
  connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
  await migrateSubscriptions({ url: servers.amqpUrl, subscriptions, onMissing: async () => undefined, logger: silent });
});

afterEach(async () => {
  await ticketing.stop();
  await connection.close();
  await servers.dispose();
});

/** Tickets of a minute ago, whose events a crash left pending; gives back their ids. */
async function storeTickets(count: number): Promise<string[]> {
  const mongo = await connectMongo(servers.mongoUrl, silent);
  await createIndexes(ticketingModels(mongo));
  const aMinuteAgo = new Date(Date.now() - 60_000);
  const tickets = Array.from({ length: count }, (_, i) =>
    issueTicket(draft(), queueDay, { number: i + 1, ahead: i }, aMinuteAgo),
  );
  await new TicketRepository(ticketModel(mongo)).insertInOrder(tickets);
  const ids = tickets.map(({ id }) => id).toSorted();
  await new OutboxRepository(mongo).open({ id: 'page', ticketIds: ids, openedAt: aMinuteAgo });
  await mongo.close();
  return ids;
}

async function start(): Promise<void> {
  const variables = { AMQP_URL: servers.amqpUrl, TICKETING_MONGO_URL: servers.mongoUrl, TICKETING_OPS_PORT: '0' };
  ticketing = await startTicketing(readConfig(ticketingConfig, variables), silent);
}

async function inQueue(count: number): Promise<boolean> {
  const channel = await (await connection.up()).createChannel();
  channel.on('error', () => undefined);
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount === count;
}

async function deleteQueue(): Promise<void> {
  const channel = await (await connection.up()).createChannel();
  await channel.deleteQueue(queue);
  await channel.close();
}

test('when the queue is deleted with events in it, then its consumer has them all after it asked for them', async () => {
  const ids = await storeTickets(20);
  await start();
  await eventually(() => inQueue(20));
  await deleteQueue();
  const seen = new Set<string>();
  const rpc = new RpcClient({
    connection,
    contract: ticketingRpc,
    queue: ticketingRpcQueue,
    entrance: ticketingEntrances.notifications,
  });
  await rpc.ready();
  const publisher = new Publisher({ connection });
  const consumer = new Consumer({
    connection,
    subscription: ticketCreatedSubscription,
    schema: ticketCreated,
    handle: async ({ subject }) => (seen.add(subject), done),
    onMissing: async () =>
      void (await rpc.call('AnnounceTicketsAgain', {}, { timeoutMs: 5_000, requestId: 'r', requestKey: 'r' })),
    publisher,
    logger: silent,
  });

  await eventually(() => seen.size === 20);

  expect([...seen].toSorted()).toEqual(ids);
  await consumer.close();
  await publisher.close();
  await rpc.close();
});

test('when the queue is gone as ticketing starts, then what had been in it is published again', async () => {
  await storeTickets(20);
  await start();
  await eventually(() => inQueue(20));
  await ticketing.stop();
  await deleteQueue();

  await start();

  await expect(eventually(() => inQueue(20))).resolves.toBe(true);
});
