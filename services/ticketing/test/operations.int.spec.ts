import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BrokerConnection, declareSubscription, Publisher, randomId, ticketCreatedSubscription } from '@turno/shared';
import { commandsOf } from '@turno/testing';
import { CustomerRepository, customerModel } from '../src/data-access/customer-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { CatalogueIndex } from '../src/domain/catalogue-index.ts';
import { createTicketUseCase } from '../src/domain/create-ticket.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import { EventRelay } from '../src/entry-points/event-relay.ts';
import { openServers, silent, type Servers } from './database.ts';
import { network } from './drafts.ts';
import { openOutbox } from './outbox.ts';

const branchIds = Array.from({ length: 20 }, (_, i) => `b${i}`);
const index = new CatalogueIndex({
  ...network,
  branches: branchIds.map((id) => ({ ...network.branches[0]!, id })),
});
const clock = () => new Date('2017-02-20T15:00:00Z');

let servers: Servers;
let connection: BrokerConnection;
let publisher: Publisher;
let relay: EventRelay;
let createTicket: ReturnType<typeof createTicketUseCase>;

beforeAll(async () => {
  servers = await openServers('operations', { monitorCommands: true });
  connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
  publisher = new Publisher({
    connection,
    declare: (channel) => declareSubscription(channel, ticketCreatedSubscription),
  });
  await publisher.ready();
  const tickets = new TicketRepository(ticketModel(servers.mongo));
  const outbox = openOutbox(servers, clock);
  relay = new EventRelay({ tickets, outbox, publisher, clock, logger: silent });
  createTicket = createTicketUseCase({
    catalogue: () => index,
    customers: new CustomerRepository(customerModel(servers.mongo)),
    tickets,
    lanes: new QueueLanes(tickets, clock),
    announce: (ticket) => relay.announce(ticket),
    clock,
    ids: outbox,
  });
  await take(20);
});
afterAll(async () => {
  await publisher.close();
  await connection.close();
  await servers.dispose();
});

/** So many tickets asked for at once, at the branches in turns, until all of their events are published and marked. */
async function take(count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, i) =>
    createTicket(
      { branch_id: branchIds[i % branchIds.length]!, sector_id: 's8', service_id: '7b6' },
      { requestId: 'request', requestKey: randomId(), principal: { kind: 'anonymous' }, deadline: Date.now() + 60_000 },
    ),
  );
  await Promise.all(requests);
  await relay.stop();
}

test('when 64 tickets are asked for at once in 20 queues, then the database has a dozen commands at most', async () => {
  const {
    'insert tickets': inserts,
    'update outbox_pages': marks,
    'aggregate tickets': counts = 0,
    ...others
  } = await commandsOf(servers.mongo.getClient(), () => take(64));

  expect(inserts).toBe(1);
  expect(counts).toBeLessThanOrEqual(1);
  expect(marks).toBeLessThanOrEqual(2);
  expect(others).toEqual({});
});

test('when one ticket is asked for alone, then the database has three commands at most', async () => {
  const { 'aggregate tickets': counts = 0, ...others } = await commandsOf(servers.mongo.getClient(), () => take(1));

  expect(others).toEqual({ 'insert tickets': 1, 'update outbox_pages': 1 });
  expect(counts).toBeLessThanOrEqual(1);
});
