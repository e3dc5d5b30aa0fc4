import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Refusal, type Catalogue } from '@turno/shared';
import { CustomerRepository, customerModel } from '../src/data-access/customer-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { CatalogueIndex } from '../src/domain/catalogue-index.ts';
import { createTicketUseCase } from '../src/domain/create-ticket.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import { openServers, type Servers } from './database.ts';
import { network } from './drafts.ts';
import { openOutbox } from './outbox.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const clock = (): Date => new Date('2017-02-20T10:00:00.000Z');
const closed: Catalogue = { ...network, branches: network.branches.map((branch) => ({ ...branch, status: 'CLOSE' })) };

let servers: Servers;
let catalogue: Catalogue;
let announced: string[];
let createTicket: ReturnType<typeof createTicketUseCase>;

beforeAll(async () => {
  servers = await openServers('create-ticket');
  const tickets = new TicketRepository(ticketModel(servers.mongo));
  catalogue = network;
  announced = [];
  createTicket = createTicketUseCase({
    catalogue: () => new CatalogueIndex(catalogue),
    customers: new CustomerRepository(customerModel(servers.mongo)),
    tickets,
    lanes: new QueueLanes(tickets, clock),
    announce: ({ id }) => announced.push(id),
    clock,
    ids: openOutbox(servers, clock),
  });
});
afterAll(() => servers.dispose());

const principal = { kind: 'anonymous' } as const;
const context = (requestKey: string) => ({
  requestId: 'request',
  requestKey,
  principal,
  deadline: Date.now() + 10_000,
});

test('when a request is repeated after its branch was closed, then it is answered with its ticket, announced once', async () => {
  const first = await createTicket(place, context('before'));
  catalogue = closed;

  const again = await createTicket(place, context('before'));
  const another = createTicket(place, context('after'));

  expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  expect(announced.filter((id) => id === first.id)).toHaveLength(1);
  await expect(another).rejects.toMatchObject({ reason: 'BRANCH_CLOSED' });
  catalogue = network;
});

test('when a key is used with another body, then it is refused, and no number is used up', async () => {
  const { number } = await createTicket(place, context('mine'));

  const other = createTicket({ ...place, channel: 'kiosk' }, context('mine'));

  await expect(other).rejects.toThrow(Refusal);
  await expect(other).rejects.toMatchObject({ reason: 'KEY_USED_WITH_ANOTHER_BODY' });
  expect((await createTicket(place, context('next'))).number).toBe(number + 1);
});

test('when the network keeps no directory, then a customer whom nobody knows is taken', async () => {
  await expect(createTicket({ ...place, customer_id: 'stranger' }, context('known'))).rejects.toMatchObject({
    reason: 'UNKNOWN_CUSTOMER',
  });
  catalogue = { ...network, customers: 'open' };

  await expect(createTicket({ ...place, customer_id: 'stranger' }, context('open'))).resolves.toBeDefined();
  catalogue = network;
});
