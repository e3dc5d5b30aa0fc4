import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commandsOf } from '@turno/testing';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import { openServers, type Servers } from './database.ts';
import { draft, place } from './drafts.ts';

const clock = () => new Date('2017-02-20T15:00:00Z');
const inTime = () => Date.now() + 60_000;
const branches = Array.from({ length: 20 }, (_, i) => `b${i}`);
const customer = { id: 'a1', holder: 'id:a1', phone: undefined, language: 'es', promotionsAllowed: true } as const;

let servers: Servers;
let lanes: QueueLanes;

beforeAll(async () => {
  servers = await openServers('group-commit', { monitorCommands: true });
});
beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
  lanes = anInstance();
});
afterAll(() => servers.dispose());

const anInstance = () => new QueueLanes(new TicketRepository(ticketModel(servers.mongo)), clock);
const at = (id: string, given: Parameters<typeof draft>[0] = {}) =>
  draft({ ...given, place: { ...place, branch: { ...place.branch, id } } });

/** Stores what it is given, and loses the answer the first time. */
class Losing extends TicketRepository {
  #hasLost = false;

  override async insertInOrder(tickets: Parameters<TicketRepository['insertInOrder']>[0]) {
    const outcome = await super.insertInOrder(tickets);
    if (this.#hasLost) return outcome;
    this.#hasLost = true;
    throw new Error('connection lost');
  }
}

/** Three for each branch, in turns, at the same time. */
const threeForEach = (instance = lanes) =>
  Promise.all([1, 2, 3].flatMap(() => branches.map((branch) => instance.enter(at(branch), inTime()))));

/** The numbers of each branch, in their order. */
async function numbers(): Promise<Record<string, number[]>> {
  const tickets = await ticketModel(servers.mongo).find({}).sort({ branchId: 1, number: 1 }).batchSize(1_000).lean();
  const byBranch = Map.groupBy(tickets, ({ branchId }) => branchId);
  return Object.fromEntries([...byBranch].map(([branch, of]) => [branch, of.map(({ number }) => number)]));
}

const eachBranchHas = (upTo: number) =>
  Object.fromEntries(branches.map((branch) => [branch, Array.from({ length: upTo }, (_, i) => i + 1)]));

describe('tickets of several queues', () => {
  test('when 60 come at once for 20 queues that are known, then they are stored by one command', async () => {
    await threeForEach();

    const commands = await commandsOf(servers.mongo.getClient(), () => threeForEach());

    expect(commands).toMatchObject({ 'insert tickets': 1 });
    expect(await numbers()).toEqual(eachBranchHas(6));
  });

  test('when one comes alone, then it is stored by one command', async () => {
    await lanes.enter(at('b0'), inTime());

    const commands = await commandsOf(servers.mongo.getClient(), () => lanes.enter(at('b0'), inTime()));

    expect(commands).toMatchObject({ 'insert tickets': 1 });
  });

  test('when two instances take 60 each at once, then each queue has its numbers without gap or repeat', async () => {
    await Promise.all([threeForEach(lanes), threeForEach(anInstance())]);

    expect(await numbers()).toEqual(eachBranchHas(6));
  });

  test('when one is refused and one is a repeat, then those beside them have their numbers', async () => {
    const oneEach = { ...place, branch: { ...place.branch, id: 'b1', one_ticket_per_service: true } };
    await lanes.enter(at('b0', { key: 'k' }), inTime());
    await lanes.enter(draft({ place: oneEach, customer }), inTime());

    const ends = await Promise.allSettled(
      [at('b2'), at('b0', { key: 'k' }), draft({ place: oneEach, customer }), at('b2'), at('b0'), at('b1')].map(
        (each) => lanes.enter(each, inTime()),
      ),
    );

    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value.number : (end.reason as object)))).toMatchObject([
      1,
      1,
      { reason: 'TICKET_ALREADY_HELD' },
      2,
      2,
      2,
    ]);
    expect(await numbers()).toEqual({ b0: [1, 2], b1: [1, 2], b2: [1, 2] });
  });

  test('when 50 of one customer come at once, then one lookup refuses all but the first', async () => {
    const oneEach = { ...place, branch: { ...place.branch, one_ticket_per_service: true } };
    await lanes.enter(draft({ place: oneEach }), inTime());
    const fifty = () =>
      Promise.allSettled(Array.from({ length: 50 }, () => lanes.enter(draft({ place: oneEach, customer }), inTime())));

    const commands = await commandsOf(servers.mongo.getClient(), fifty);

    expect(commands).toMatchObject({ 'insert tickets': 1, 'find tickets': 1 });
  });

  test('when the answer to an insert is lost while others wait, then they have the numbers behind those that are stored', async () => {
    lanes = new QueueLanes(new Losing(ticketModel(servers.mongo)), clock);
    const first = lanes.enter(at('b0'), inTime());
    await new Promise(setImmediate);

    const ends = await Promise.allSettled([first, lanes.enter(at('b0'), inTime()), lanes.enter(at('b0'), inTime())]);

    expect(ends).toMatchObject([
      { reason: new Error('connection lost') },
      { value: { number: 2 } },
      { value: { number: 3 } },
    ]);
    expect(await numbers()).toEqual({ b0: [1, 2, 3] });
  });
});
