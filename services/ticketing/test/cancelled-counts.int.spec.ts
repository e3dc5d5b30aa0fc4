import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commandsOf, eventually } from '@turno/testing';
import { StandingTicketRepository } from '../src/data-access/standing-ticket-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { CancelledCounts } from '../src/domain/cancelled-counts.ts';
import { QueueLane } from '../src/domain/queue-lane.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import type { IssuedTicket } from '../src/domain/ticket.ts';
import { openServers, type Servers } from './database.ts';
import { draft, place } from './drafts.ts';

const now = new Date('2017-02-20T15:00:00Z');
const inTime = () => Date.now() + 60_000;
const queueDays = Array.from({ length: 20 }, (_, i) => ({ branchId: `b${i}`, queue: 'T', businessDay: '2017-02-20' }));

let servers: Servers;
let standing: StandingTicketRepository;
let lanes: QueueLanes;

beforeAll(async () => {
  servers = await openServers('cancelled-counts', { monitorCommands: true });
  standing = new StandingTicketRepository(ticketModel(servers.mongo));
});
beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
  lanes = new QueueLanes(new TicketRepository(ticketModel(servers.mongo)), () => now);
});
afterAll(() => servers.dispose());

const enter = (id: string) => lanes.enter(draft({ place: { ...place, branch: { ...place.branch, id } } }), inTime());
const aggregates = async (work: () => Promise<unknown>) =>
  (await commandsOf(servers.mongo.getClient(), work))['aggregate tickets'] ?? 0;

/** A ticket that says how many wait before it: 25 minutes each at two counters, less the deviation. */
const waitBefore = ({ issued }: IssuedTicket) => Math.round((Number(issued.low_estimated_time) + 2.5) / 12.5);

async function cancelHere({ id }: IssuedTicket): Promise<void> {
  lanes.noteCancelled((await standing.cancel(id, {}, `own:${id}`, now))!);
}

describe('cancelled tickets', () => {
  test('when those of one queue are due, then those of all queues in use are counted by the same query', async () => {
    const store = new TicketRepository(ticketModel(servers.mongo));
    const counts = new CancelledCounts(store);
    const twenty = queueDays.map((queueDay) => new QueueLane(queueDay, store));
    const [one, other] = twenty as [QueueLane, QueueLane];

    expect(await aggregates(() => counts.refresh(twenty, 10_000))).toBe(1);
    expect(await aggregates(() => counts.refresh(twenty, 10_700))).toBe(0);
    expect(await aggregates(() => counts.refresh([one], 11_100))).toBe(1);
    expect(await aggregates(() => counts.refresh([other], 11_200))).toBe(0);
    expect(await aggregates(() => counts.refresh(twenty, 11_300))).toBe(0);
  });

  test('when queues came into use one after the other, then they are counted together all the same', async () => {
    const store = new TicketRepository(ticketModel(servers.mongo));
    const counts = new CancelledCounts(store);
    const twenty = queueDays.map((queueDay) => new QueueLane(queueDay, store));
    for (const [i, lane] of twenty.entries()) await counts.refresh([lane], 10_000 + 50 * i);

    const counted = await aggregates(async () => {
      for (let at = 11_000; at < 14_000; at += 50) await counts.refresh([twenty[(at / 50) % 20]!], at);
    });

    expect(counted).toBeLessThanOrEqual(5);
  });

  test('when a count is due soon, then it is taken anew, and whoever comes meanwhile does not wait for it', async () => {
    const store = new TicketRepository(ticketModel(servers.mongo));
    const counts = new CancelledCounts(store);
    const lane = new QueueLane(queueDays[0]!, store);
    await counts.refresh([lane], 10_000);

    const counted = await aggregates(async () => {
      await counts.refresh([lane], 10_800);
      expect(lane.isCountDue(11_100)).toBe(true);
      await counts.refresh([lane], 10_810);
      await eventually(async () => !lane.isCountDue(11_100));
    });

    expect(counted).toBe(1);
  });

  test('when one is cancelled here, then the next ticket of its queue waits for one less, and others as before', async () => {
    const [first] = [await enter('b0'), await enter('b0'), await enter('b1')];

    await cancelHere(first);

    expect(waitBefore(await enter('b0'))).toBe(1);
    expect(waitBefore(await enter('b1'))).toBe(1);
  });

  test('when one is cancelled at another instance, then the next ticket waits for one less within a second or so', async () => {
    const ticket = await enter('b0');
    await standing.cancel(ticket.id, {}, 'other:1', now);

    const next = await eventually(async () => {
      const later = await enter('b0');
      return waitBefore(later) < later.number - 1 && later;
    });

    expect(waitBefore(next)).toBe(next.number - 2);
  });
});
