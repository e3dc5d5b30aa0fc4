import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commandsOf, eventually } from '@turno/testing';
import { StandingTicketRepository } from '../src/data-access/standing-ticket-repository.ts';
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

const repository = () => new TicketRepository(ticketModel(servers.mongo));
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
const anInstance = () => new QueueLanes(repository(), clock);
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

/** Answers a look-up of numbers when it is told to. */
class Slow extends TicketRepository {
  readonly answer = Promise.withResolvers<void>();

  override async highestNumber(...queueDay: Parameters<TicketRepository['highestNumber']>) {
    await this.answer.promise;
    return super.highestNumber(...queueDay);
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

const eachBranchHas = (last: number) => Object.fromEntries(branches.map((branch) => [branch, upTo(last)]));

const pageOfCustomer = async (offset: number) =>
  (await new StandingTicketRepository(ticketModel(servers.mongo)).heldBy(customer.holder, {}, { offset, limit: 7 }))
    .items;

/** How many statements the updates have that the work sends. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let statements = 0;
  const client = servers.mongo.getClient();
  const count = ({ command }: { command: { updates?: unknown[] } }) => (statements += command.updates?.length ?? 0);
  client.on('commandStarted', count);
  await work();
  client.off('commandStarted', count);
  return statements;
}

/** The branches of the tickets of the next insert, in its order. */
function insertedBranches(): Promise<string[]> {
  const client = servers.mongo.getClient();
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const look = ({ commandName, command }: { commandName: string; command: { documents?: { branchId: string }[] } }) => {
    if (commandName !== 'insert') return;
    client.off('commandStarted', look);
    resolve(command.documents!.map(({ branchId }) => branchId));
  };
  client.on('commandStarted', look);
  return promise;
}

describe('tickets of several queues', () => {
  test('when 60 come at once for 20 queues that are known, then they are stored by one command', async () => {
    await threeForEach();

    const commands = await commandsOf(servers.mongo.getClient(), () => threeForEach());

    expect(commands).toMatchObject({ 'insert tickets': 1 });
    expect(await numbers()).toEqual(eachBranchHas(6));
  });

  test('when 60 come at once, then they were issued at one moment, and one statement marks them as left behind', async () => {
    await threeForEach();
    let ticks = 0;
    lanes = new QueueLanes(repository(), () => new Date(clock().getTime() + ++ticks));

    const issued = await threeForEach();
    const marks = await statementsOf(() => repository().leaveBehind(issued.map(({ id }) => id)));

    expect(new Set(issued.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
    expect(marks).toBe(1);
  });

  test('when a customer has many of one moment, then pages have each once, those of a queue newest first', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => lanes.enter(at(branches[i % 3]!, { customer }), inTime())));

    const pages = (await Promise.all([0, 7, 14, 21, 28].map(pageOfCustomer))).flat();

    expect(new Set(pages.map(({ id }) => id)).size).toBe(30);
    for (const branch of ['b0', 'b1', 'b2']) {
      const ofBranch = pages.filter(({ branchId }) => branchId === branch).map(({ number }) => number);
      expect(ofBranch).toEqual(upTo(10).toReversed());
    }
  });

  test('when they come in any order of the queues, then they are stored in one, and those of a queue as they came', async () => {
    const places = ['b2', 'b0', 'b1', 'b2', 'b0'];
    const inserted = insertedBranches();

    const tickets = await Promise.all(places.map((branch) => lanes.enter(at(branch), inTime())));

    expect(await inserted).toEqual(['b0', 'b0', 'b1', 'b2', 'b2']);
    expect(tickets.map(({ number }) => number)).toEqual([1, 1, 1, 2, 2]);
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

  test('when looking up outlasts the deadline of one, then it gets no ticket, and the one beside it does', async () => {
    const store = new Slow(ticketModel(servers.mongo));
    lanes = new QueueLanes(store, clock);
    const deadline = Date.now() + 50;
    const impatient = lanes.enter(at('b0'), deadline);
    const patient = lanes.enter(at('b0'), inTime());
    await eventually(() => Date.now() > deadline);
    store.answer.resolve();

    const ends = await Promise.allSettled([impatient, patient]);

    expect(ends).toMatchObject([
      { reason: { message: expect.stringContaining('deadline') as unknown } },
      { value: { number: 1 } },
    ]);
    expect(await numbers()).toEqual({ b0: [1] });
  });

  test('when one connection to the database falls silent, then those who come after have their tickets within seconds', async () => {
    const { link, mongo } = await servers.byLink();
    lanes = new QueueLanes(new TicketRepository(ticketModel(mongo)), clock);
    await lanes.enter(at('b0'), inTime());
    const silent = link.holdOneFrom('insert');
    const stuck = lanes.enter(at('b0'), inTime());
    await silent;
    const since = performance.now();

    const ends = await Promise.allSettled([stuck, lanes.enter(at('b1'), inTime()), lanes.enter(at('b0'), inTime())]);

    expect(performance.now() - since).toBeLessThan(6_000);
    expect(ends).toMatchObject([{ status: 'rejected' }, { value: { number: 1 } }, { value: { number: 2 } }]);
    expect(await numbers()).toEqual({ b0: [1, 2], b1: [1] });
  });
});
