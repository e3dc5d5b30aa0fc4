import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { announceAgainUseCase } from '../src/domain/announce-again.ts';
import type { Outbox } from '../src/domain/outbox.ts';
import { openServers, silent, type Servers } from './database.ts';
import { openOutbox, pendingIn, storeTicket } from './outbox.ts';

const ticketsTime = new Date('2017-02-20T15:00:00Z');
const aMinuteLater = () => new Date(ticketsTime.getTime() + 60_000);
const aDayMs = 24 * 60 * 60 * 1_000;

let servers: Servers;
let tickets: TicketRepository;
let outbox: Outbox;

beforeAll(async () => {
  servers = await openServers('announce-again');
  tickets = new TicketRepository(ticketModel(servers.mongo));
  outbox = openOutbox(servers, () => ticketsTime);
});
beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
});
afterAll(() => servers.dispose());

const announceAgain = (when: Date) => announceAgainUseCase({ tickets, clock: () => when, logger: silent })();

test('when a ticket is older than 24 hours, then it is left alone', async () => {
  const ticket = await storeTicket(servers, outbox, ticketsTime);
  await outbox.settle(ticket.id);

  await announceAgain(new Date(ticketsTime.getTime() + aDayMs + 1));
  expect(await pendingIn(servers)).toBe(0);
  await announceAgain(new Date(ticketsTime.getTime() + aDayMs));
  expect(await pendingIn(servers)).toBe(1);
});

test('when an event was published to the old queue and is marked only now, then it stays pending', async () => {
  const [lost, other] = [
    await storeTicket(servers, outbox, ticketsTime),
    await storeTicket(servers, outbox, ticketsTime),
  ];

  await announceAgain(aMinuteLater());
  await Promise.all([outbox.settle(lost.id), outbox.settle(other.id)]);
  expect(await pendingIn(servers)).toBe(2);
  await tickets.markPublished([
    { ticketId: lost.id, since: lost.createdAt },
    { ticketId: other.id, since: aMinuteLater() },
  ]);

  const left = await tickets.unpublishedBefore(new Date(), 10);
  expect(left).toEqual([{ ticket: lost, since: aMinuteLater() }]);
});
