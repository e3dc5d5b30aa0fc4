import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomId, type CreateTicket } from '@turno/shared';
import { commandsOf } from '@turno/testing';
import { CustomerRepository, customerModel } from '../src/data-access/customer-repository.ts';
import { RecentTicketRepository } from '../src/data-access/recent-ticket-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { CatalogueIndex } from '../src/domain/catalogue-index.ts';
import { createTicketUseCase } from '../src/domain/create-ticket.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import { TicketLimits } from '../src/domain/ticket-limits.ts';
import { openServers, type Servers } from './database.ts';
import { network } from './drafts.ts';
import { openOutbox } from './outbox.ts';

const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
const customer = { id_type: 'D', language: 'es', promotions: true } as const;
const windowMs = 60 * 60_000;

let servers: Servers;
let now: Date;
let phone: string;
const clock = () => now;

beforeAll(async () => {
  servers = await openServers('ticket-limits', { monitorCommands: true });
  const known = ['ana', 'eva'].map((id, i) => ({ ...customer, id, id_number: `${i}`, phone: `+5198000000${i}` }));
  await new CustomerRepository(customerModel(servers.mongo)).put(known);
});
afterAll(() => servers.dispose());

beforeEach(() => {
  now = new Date('2017-02-20T15:00:00Z');
  phone = `+51${Math.floor(1e8 + Math.random() * 9e8)}`;
});

type Take = (command?: Partial<CreateTicket>, key?: string) => Promise<string>;

/** An instance of ticketing with limits: takes a ticket, and gives its id or why it was refused. */
function instance(limits: { perPhone?: number; perCustomer?: number }): Take {
  const tickets = new TicketRepository(ticketModel(servers.mongo));
  const recent = new RecentTicketRepository(ticketModel(servers.mongo));
  const createTicket = createTicketUseCase({
    catalogue: () => new CatalogueIndex(network),
    customers: new CustomerRepository(customerModel(servers.mongo)),
    tickets,
    lanes: new QueueLanes(tickets, clock),
    limits: new TicketLimits({ perPhone: 0, perCustomer: 0, ...limits, windowMs, recent, clock }),
    announce: () => undefined,
    clock,
    ids: openOutbox(servers, clock),
  });
  return async (command = { phone }, key = randomId()) => {
    const principal = { kind: 'anonymous' } as const;
    const context = { requestId: 'request', requestKey: key, principal, deadline: Date.now() + 10_000 };
    const made = createTicket({ ...place, ...command }, context);
    return made.then(
      ({ id }) => id,
      ({ reason, retryAfterSeconds }) => `${reason} ${retryAfterSeconds}`,
    );
  };
}

const isRefused = (answer: string) => answer.startsWith('TOO_MANY_TICKETS');

test('when a phone has taken what it may, then it is told how long until it may again, and another phone is not', async () => {
  const take = instance({ perPhone: 2 });
  await take();
  now = new Date(now.getTime() + 10 * 60_000);
  await take();

  expect(await take()).toBe('TOO_MANY_TICKETS_OF_PHONE 3000');
  expect(isRefused(await take({ phone: '+51911111111' }))).toBe(false);
});

test('when the time has passed that a phone was told, then it gets a ticket', async () => {
  const take = instance({ perPhone: 1 });
  await take();
  expect(await take()).toBe('TOO_MANY_TICKETS_OF_PHONE 3600');

  now = new Date(now.getTime() + 3_600_000);
  expect(isRefused(await take())).toBe(false);
});

test('when a request is repeated beyond the limit, then it gets its ticket, and has not counted twice', async () => {
  const take = instance({ perPhone: 2 });
  const first = await take({ phone }, 'caller:once');
  const repeats = [await take({ phone }, 'caller:once'), await take({ phone }, 'caller:once')];
  const second = await take();

  expect(repeats).toEqual([first, first]);
  expect(isRefused(second)).toBe(false);
  expect(isRefused(await take())).toBe(true);
  expect(await take({ phone }, 'caller:once')).toBe(first);
});

test('when 20 requests come for one phone at once, then it gets its limit of tickets and not one more', async () => {
  const take = instance({ perPhone: 3 });

  const answers = await Promise.all(Array.from({ length: 20 }, () => take()));

  expect(answers.filter((answer) => !isRefused(answer))).toHaveLength(3);
});

test('when they come at three instances, then it gets two more at most', async () => {
  const instances = Array.from({ length: 3 }, () => instance({ perPhone: 3 }));

  const answers = await Promise.all(Array.from({ length: 15 }, (_, i) => instances[i % 3]!()));

  const made = answers.filter((answer) => !isRefused(answer)).length;
  expect(made).toBeGreaterThanOrEqual(3);
  expect(made).toBeLessThanOrEqual(5);
});

test('when a customer takes tickets under several phones, then they are counted together', async () => {
  const take = instance({ perCustomer: 2 });
  const named = [{ customer_id: 'ana' }, { customer_id_type: 'D', customer_id_number: '0' }, { customer_id: 'ana' }];

  const answers: string[] = [];
  for (const name of named) answers.push(await take({ ...name, phone: `+5191234567${answers.length}` }));

  expect(answers.map(isRefused)).toEqual([false, false, true]);
  expect(answers[2]).toBe('TOO_MANY_TICKETS_OF_CUSTOMER 3600');
});

test("when the phone is the directory's, then it counts as one that was sent", async () => {
  const take = instance({ perPhone: 1 });
  await take({ customer_id: 'eva' });

  expect(isRefused(await take({ phone: '+51980000001' }))).toBe(true);
});

test('when there is neither phone nor customer, then nothing is counted', async () => {
  const take = instance({ perPhone: 1, perCustomer: 1 });

  const answers = [await take({}), await take({}), await take({})];

  expect(answers.filter(isRefused)).toEqual([]);
});

test('when a phone comes for the first time, then the database is asked nothing more; a refused one asks for its repeat alone', async () => {
  const take = instance({ perPhone: 1 });
  await take({ phone: '+51922222222' });

  const first = await commandsOf(servers.mongo.getClient(), () => take());
  expect(first).toEqual({ 'insert tickets': 1 });

  await take();
  const refused = await commandsOf(servers.mongo.getClient(), () => take());
  expect(refused).toEqual({ 'find tickets': 1 });
});
