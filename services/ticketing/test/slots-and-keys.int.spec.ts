import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { StandingTicketRepository } from '../src/data-access/standing-ticket-repository.ts';
import { ticketModel, type TicketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import type { IssuedTicket } from '../src/domain/ticket.ts';
import { openServers, type Servers } from './database.ts';
import { draft, place } from './drafts.ts';

const customer = { id: 'a1', holder: 'id:a1', phone: undefined, language: 'es', promotionsAllowed: true } as const;
const oneEach = { ...place, branch: { ...place.branch, one_ticket_per_service: true } };
const inTime = (): number => Date.now() + 60_000;
const dayMs = 24 * 60 * 60 * 1_000;

let servers: Servers;
let model: TicketModel;
let now: Date;
let instances: QueueLanes[];
let standing: StandingTicketRepository;

beforeAll(async () => {
  servers = await openServers('slots-and-keys');
  model = ticketModel(servers.mongo);
  standing = new StandingTicketRepository(model);
});
beforeEach(async () => {
  await model.deleteMany({});
  now = new Date('2017-02-20T15:00:00Z');
  instances = [1, 2].map(() => new QueueLanes(new TicketRepository(model), () => now));
});
afterAll(() => servers.dispose());

/** Twenty of the same kind at once, ten to each of two instances: the tickets that came of it, and why there were no more. */
async function twentyAtOnce(make: () => ReturnType<typeof draft>) {
  const ends = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => instances[i % 2]!.enter(make(), inTime())),
  );
  const tickets = ends.filter((end): end is PromiseFulfilledResult<IssuedTicket> => end.status === 'fulfilled');
  const refusals = ends.flatMap((end) =>
    end.status === 'rejected' ? [(end.reason as { reason?: string }).reason] : [],
  );
  return { ids: new Set(tickets.map(({ value }) => value.id)), given: tickets.length, refusals };
}

const held = () => draft({ place: oneEach, customer });

describe("a customer's slot", () => {
  test('when two instances get 20 requests of one customer at once, then one ticket is given and 19 are refused', async () => {
    const { given, refusals } = await twentyAtOnce(held);

    expect(given).toBe(1);
    expect(refusals).toEqual(Array.from({ length: 19 }, () => 'TICKET_ALREADY_HELD'));
    expect(await model.countDocuments({})).toBe(1);
  });

  test('when the day is over, then the customer may take another ticket', async () => {
    await instances[0]!.enter(held(), inTime());
    now = new Date(now.getTime() + dayMs);

    await expect(instances[0]!.enter(held(), inTime())).resolves.toMatchObject({ number: 1 });
  });

  test('when the branch has no such rule, then the customer may hold many', async () => {
    const { given } = await twentyAtOnce(() => draft({ customer }));

    expect(given).toBe(20);
  });

  test('when nobody knows whose the tickets are, then the rule cannot hold them back', async () => {
    const { given } = await twentyAtOnce(() => draft({ place: oneEach }));

    expect(given).toBe(20);
  });
});

describe("a request's key", () => {
  test('when it comes 20 times at once to two instances, then there is one ticket, which all are given', async () => {
    const { ids, given } = await twentyAtOnce(() => draft({ key: 'caller:1' }));

    expect([given, ids.size]).toEqual([20, 1]);
    expect(await model.countDocuments({})).toBe(1);
  });

  test('when it has expired and comes 20 times at once, then there is one new ticket, and the old one stands', async () => {
    const old = await instances[0]!.enter(draft({ key: 'caller:1' }), inTime());
    now = new Date(now.getTime() + dayMs);

    const { ids, given } = await twentyAtOnce(() => draft({ key: 'caller:1', fingerprint: 'of another day' }));

    expect([given, ids.size]).toEqual([20, 1]);
    expect(ids).not.toContain(old.id);
    expect(await standing.find(old.id, {})).toMatchObject({ id: old.id, number: 1 });
  });
});

describe('a cancellation', () => {
  test('when its request comes a second time, as after a crash before the reply, then it succeeds again', async () => {
    const { id, ...queueDay } = await instances[0]!.enter(draft(), inTime());
    const ofTicket = { branchId: queueDay.branchId, queue: queueDay.queue, businessDay: queueDay.businessDay };

    expect(await standing.cancel(id, {}, 'own:1', now)).toEqual(ofTicket);
    expect(await standing.cancel(id, {}, 'own:1', now)).toEqual(ofTicket);
    expect(await standing.cancel(id, {}, 'own:2', now)).toBeUndefined();
    expect(await standing.cancelledCount(ofTicket)).toBe(1);
  });

  test('when tickets wait in several queues, then each line is as long as its tickets that stand', async () => {
    const { id } = await instances[0]!.enter(draft(), inTime());
    await instances[0]!.enter(draft(), inTime());
    const elsewhere = { ...place, branch: { ...place.branch, id: 'other' } };
    await instances[0]!.enter(draft({ place: elsewhere }), inTime());
    await standing.cancel(id, {}, 'own:1', now);

    const today = { businessDay: '2017-02-20' };
    const lines = await standing.waiting([
      { branchId: '27b6', ...today },
      { branchId: 'other', businessDay: '2017-02-21' },
    ]);

    expect(lines).toEqual([{ branchId: '27b6', queue: 'T', ...today, tickets: 1 }]);
  });
});
