import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { createIndexes } from '@turno/mongo';
import { randomId } from '@turno/shared';
import { queryPlansOf } from '@turno/testing';
import mongoose, { type Connection } from 'mongoose';
import { draft } from '../../test/drafts.ts';
import { issueTicket } from '../domain/ticket.ts';
import { CatalogueRepository, catalogueModel } from './catalogue-repository.ts';
import { CustomerRepository, customerModel } from './customer-repository.ts';
import { ticketingModels } from './models.ts';
import { StandingTicketRepository } from './standing-ticket-repository.ts';
import { RequestKeySweep } from './request-key-sweep.ts';
import { TicketErasure } from './ticket-erasure.ts';
import { OutboxRepository } from './outbox-repository.ts';
import { ticketModel } from './ticket-model.ts';
import { TicketFiguresRepository } from './ticket-figures-repository.ts';
import { RecentTicketRepository } from './recent-ticket-repository.ts';
import { TicketRepository } from './ticket-repository.ts';

const queueDay = { branchId: '27b6', queue: 'T', businessDay: '2017-02-20' };
const now = new Date('2017-02-20T10:00:00.000Z');

let servers: Isolated;
let mongo: Connection;

beforeAll(async () => {
  servers = await isolateForTest('query-plans');
  mongo = await mongoose
    .createConnection(servers.mongoUrl, { monitorCommands: true, autoIndex: false, ignoreUndefined: true })
    .asPromise();
  await createIndexes(ticketingModels(mongo));
  await fill();
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await servers.dispose();
});

/** Enough of everything for the database to prefer an index where it has one. */
async function fill(): Promise<void> {
  const tickets = new TicketRepository(ticketModel(mongo));
  for (let day = 1; day <= 20; day++) {
    const of = { ...queueDay, businessDay: `2017-02-${String(day).padStart(2, '0')}` };
    const issued = Array.from({ length: 100 }, (_, i) => issueTicket(draft(), of, { number: i + 1, ahead: i }, now));
    await tickets.insertInOrder(issued);
  }
  const customers = Array.from({ length: 1_000 }, (_, i) => ({
    id: `c${i}`,
    id_type: 'D',
    id_number: String(i),
    phone: `+5198000${String(i).padStart(4, '0')}`,
    language: 'es',
    promotions: true,
  }));
  await new CustomerRepository(customerModel(mongo)).put(customers);
}

const tickets = (): TicketRepository => new TicketRepository(ticketModel(mongo));
const standing = (): StandingTicketRepository => new StandingTicketRepository(ticketModel(mongo));
const recent = (): RecentTicketRepository => new RecentTicketRepository(ticketModel(mongo));
const figures = (): TicketFiguresRepository =>
  new TicketFiguresRepository(ticketModel(mongo), new OutboxRepository(mongo));
const erasure = (): TicketErasure => new TicketErasure(ticketModel(mongo), new OutboxRepository(mongo));
const later = (ms: number): Date => new Date(now.getTime() + ms);
const customers = (): CustomerRepository => new CustomerRepository(customerModel(mongo));

async function all(found: AsyncIterable<unknown>): Promise<void> {
  for await (const _ticket of found) continue;
}

test.each<[string, string, () => Promise<unknown>]>([
  ['the highest number is looked up', 'one_ticket_per_queue_day_and_number', () => tickets().highestNumber(queueDay)],
  ['cancelled tickets are counted', 'cancelled', () => standing().cancelledCount(queueDay, 50)],
  ['cancelled tickets of several queues are counted', 'cancelled', () => tickets().cancelledCounts([queueDay])],
  [
    'a repeated request is looked up',
    'one_ticket_per_request',
    () => tickets().findByRequestKeys(['caller:x', 'caller:y']),
  ],
  ['taken slots are looked up', 'one_ticket_per_slot', () => tickets().takenSlots(['x', 'y'])],
  ['an expired key is released', '_id_', () => tickets().releaseRequestKey('x')],
  ['pending events are looked up', 'unpublished', () => tickets().unpublishedBefore(now, 200)],
  ['published events are marked', '_id_', () => tickets().markPublished([{ ticketId: 'x', since: now }])],
  ['tickets are announced again', 'one_ticket_per_queue_day_and_number', () => tickets().markUnpublished(now, now)],
  ['a ticket is read', '_id_', () => standing().find('x', {})],
  [
    'the tickets of a customer are listed',
    'tickets_by_holder',
    () => standing().heldBy('id:x', {}, { offset: 0, limit: 10 }),
  ],
  ["a phone's recent tickets are looked up", 'tickets_of_phone', () => recent().ofPhone('+51987776576', now, 10)],
  ["a customer's recent tickets are looked up", 'tickets_by_holder', () => recent().ofHolder('id:x', now, 10)],
  ['a ticket is changed', '_id_', () => standing().change('x', {}, { status: 'ENABLED' }, now)],
  ['a ticket is cancelled', '_id_', () => standing().cancel('x', {}, 'key', now)],
  [
    'the waiting lines of branches are counted',
    'one_ticket_per_queue_day_and_number, cancelled',
    () => standing().waiting([{ branchId: '27b6', businessDay: '2017-02-20' }]),
  ],
  ['tickets are counted by minute', 'newest_first', () => figures().createdSince(now, 1_000)],
  ['events are marked as left behind', '_id_', () => tickets().leaveBehind(['x'], now)],
  ['pending events are counted', 'unpublished', () => figures().pendingEvents(1_000)],
  ['a customer is found by id', '_id_', () => customers().byId(randomId())],
  ['a customer is found by document', 'one_customer_per_document', () => customers().byNumber('D', '77')],
  [
    'customers are found by their phone',
    'by_phone',
    () => customers().decidePromotions({ phone: '+51980000077', allowed: false, since: now }),
  ],
  ['old request keys are forgotten', 'newest_first, _id_', () => new RequestKeySweep(mongo).forget(now, 50)],
  ['old tickets are erased', 'newest_first, _id_', () => erasure().eraseOlderThan(later(1), now, 1)],
  ["a customer's tickets are looked for", 'tickets_by_holder', () => erasure().heldBy(['id:x', 'document:D:1'])],
  ['tickets with a phone are looked for', 'newest_first', () => all(erasure().withPhone('+51987776576', now))],
  ["a customer's pending events are settled", '_id_', () => erasure().settleEvents(['x'])],
  ["a customer's tickets are erased", '_id_', () => erasure().erase(['x'], now)],
  ['the version of the catalogue is looked up', '_id_', () => new CatalogueRepository(catalogueModel(mongo)).load()],
])('when %s, then it is by the index %s', async (_when, indexes, work) => {
  // Pages of the outbox are a handful: looking through them is the plan.
  const plans = (await queryPlansOf(mongo.getClient(), work)).filter(
    ({ command }) => !/^\w+ outbox_pages /.test(command),
  );

  expect(plans.length).toBeGreaterThan(0);
  const used = new Set(plans.flatMap((plan) => plan.indexes));
  expect(plans.filter(({ stages }) => stages.includes('COLLSCAN'))).toEqual([]);
  expect([...used].toSorted().join(', ')).toBe(indexes.split(', ').toSorted().join(', '));
});
