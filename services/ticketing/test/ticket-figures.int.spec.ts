import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { commandsOf } from '@turno/testing';
import { OutboxRepository } from '../src/data-access/outbox-repository.ts';
import { TicketFiguresRepository } from '../src/data-access/ticket-figures-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { CatalogueIndex } from '../src/domain/catalogue-index.ts';
import { ticketFiguresUseCase } from '../src/domain/ticket-figures.ts';
import { issueTicket } from '../src/domain/ticket.ts';
import { openServers, type Servers } from './database.ts';
import { draft, network } from './drafts.ts';

const noon = Date.parse('2017-02-20T12:00:30.000Z');
const minute = 60_000;

let servers: Servers;
let tickets: TicketRepository;
let number: number;
let now: number;

beforeAll(async () => {
  servers = await openServers('ticket-figures', { monitorCommands: true });
  tickets = new TicketRepository(ticketModel(servers.mongo));
});
beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
  [number, now] = [0, noon];
});
afterAll(() => servers.dispose());

/** So many tickets of a branch, created so many minutes before noon. */
async function create(branchId: string, minutesAgo: number, count: number): Promise<string[]> {
  const queueDay = { branchId, queue: 'T', businessDay: '2017-02-20' };
  const at = new Date(noon - minutesAgo * minute);
  const issued = Array.from({ length: count }, () =>
    issueTicket(draft(), queueDay, { number: ++number, ahead: 0 }, at),
  );
  await tickets.insertInOrder(issued);
  return issued.map(({ id }) => id);
}

const figures = (mostTickets?: number) =>
  ticketFiguresUseCase({
    store: new TicketFiguresRepository(ticketModel(servers.mongo), new OutboxRepository(servers.mongo)),
    catalogue: () => new CatalogueIndex(network),
    clock: () => new Date(now),
    ...(mostTickets !== undefined && { mostTickets }),
  });

test('when tickets were created within the hour, then they are counted by branch and minute, the busiest first', async () => {
  await create('27b6', 0, 2);
  await create('27b6', 59, 1);
  await create('b2', 1, 4);
  await create('27b6', 61, 7);

  const { since, branches } = await figures()();

  expect(since).toBe('2017-02-20T11:01:00.000Z');
  expect(branches.map(({ name }) => name)).toEqual(['b2', 'Hiper']);
  expect(branches.map(({ per_minute: counts }) => [counts.length, counts[0], ...counts.slice(-3)])).toEqual([
    [60, 0, 0, 4, 0],
    [60, 1, 0, 0, 2],
  ]);
});

test('when it is asked again, then the newest minutes alone are counted anew, and those before are remembered', async () => {
  const ask = figures();
  await create('27b6', 5, 3);
  await create('27b6', 0, 1);
  await ask();
  await ticketModel(servers.mongo).deleteMany({ createdAt: { $lt: new Date(noon - 4 * minute) } });
  await create('27b6', 0, 1);

  now = noon + minute;
  const commands = await commandsOf(servers.mongo.getClient(), ask);
  const { branches } = await ask();

  expect(branches[0]?.per_minute.slice(-7)).toEqual([3, 0, 0, 0, 0, 2, 0]);
  expect(commands['aggregate tickets']).toBeLessThanOrEqual(2);
});

test('when there are more tickets than are looked at, then the minutes beyond are unknown and not too low', async () => {
  await create('27b6', 2, 5);
  await create('27b6', 1, 3);
  await create('27b6', 0, 2);

  const { branches, others_per_minute: others } = await figures(6)();

  expect(branches[0]?.per_minute.slice(-4)).toEqual([null, null, 3, 2]);
  expect(others.slice(-2)).toEqual([0, 0]);
});

test('when events are pending, then the outbox says how many, and since when the oldest is', async () => {
  const pages = new OutboxRepository(servers.mongo);
  const underWay = await create('27b6', 3, 2);
  await tickets.leaveBehind(await create('27b6', 2, 1));
  await create('27b6', 4, 1);
  await pages.open({ id: 'page', ticketIds: [...underWay, 'of-no-ticket'], openedAt: new Date(noon) });

  const { outbox } = await figures()();
  await pages.close('page');

  expect(outbox).toEqual({ size: 3, oldest_since: new Date(noon - 3 * minute).toISOString() });
  expect((await figures()()).outbox).toEqual({ size: 1, oldest_since: new Date(noon - 2 * minute).toISOString() });
});
