import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OutcomeUnknown } from '@turno/shared';
import { ticketModel, type TicketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import { issueTicket, type QueueDay } from '../src/domain/ticket.ts';
import { openServers, type Servers } from './database.ts';
import { draft, place } from './drafts.ts';

const monday: QueueDay = { branchId: '27b6', queue: 'T', businessDay: '2017-02-20' };
const clock = () => new Date('2017-02-20T15:00:00Z');
const inTime = () => Date.now() + 60_000;

let servers: Servers;
let model: TicketModel;
let store: TicketRepository;
let lanes: QueueLanes;

beforeAll(async () => {
  servers = await openServers('queue-lane');
  model = ticketModel(servers.mongo);
  store = new TicketRepository(model);
});

beforeEach(async () => {
  await model.deleteMany({});
  lanes = new QueueLanes(store, clock);
});

afterAll(() => servers.dispose());

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

async function storedNumbers(): Promise<number[]> {
  const tickets = await model.find({}, { number: 1 }).sort({ number: 1 }).batchSize(1_000).lean();
  return tickets.map(({ number }) => number);
}

/** Stores the ticket of a number as if the day had come so far. */
async function comeTo(number: number): Promise<void> {
  await store.insertInOrder([issueTicket(draft(), monday, { number, ahead: 0 }, clock())]);
}

describe('numbers', () => {
  test('when 200 come at once, then they are 1 to 200 in the order of arrival', async () => {
    const tickets = await Promise.all(upTo(200).map(() => lanes.enter(draft(), inTime())));

    expect(tickets.map(({ number }) => number)).toEqual(upTo(200));
    expect(await storedNumbers()).toEqual(upTo(200));
  });

  test('when two instances take 200 each at once, then they are 1 to 400 without gap or repeat', async () => {
    const other = new QueueLanes(new TicketRepository(model), clock);

    const tickets = await Promise.all(
      upTo(200).flatMap(() => [lanes.enter(draft(), inTime()), other.enter(draft(), inTime())]),
    );

    expect(tickets.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(upTo(400));
    expect(await storedNumbers()).toEqual(upTo(400));
  });

  test('when the service is started again, then it goes on where the day stopped', async () => {
    await comeTo(41);

    await expect(lanes.enter(draft(), inTime())).resolves.toMatchObject({ number: 42 });
  });

  test('when another queue or branch has its tickets, then they do not count', async () => {
    await lanes.enter(draft({ place: { ...place, service: { ...place.service, queue: 'C' } } }), inTime());
    await lanes.enter(draft({ place: { ...place, branch: { ...place.branch, id: '27b7' } } }), inTime());

    await expect(lanes.enter(draft(), inTime())).resolves.toMatchObject({ number: 1 });
  });

  test.each([
    ['an ordinary midnight', 'America/Lima', '2017-02-21T05:00:00Z', ['2017-02-20', '2017-02-21']],
    ['the end of a year', 'Europe/Madrid', '2017-12-31T23:00:00Z', ['2017-12-31', '2018-01-01']],
    ['the night to summer time', 'Europe/Madrid', '2017-03-25T23:00:00Z', ['2017-03-25', '2017-03-26']],
    ['the end of that short day', 'Europe/Madrid', '2017-03-26T22:00:00Z', ['2017-03-26', '2017-03-27']],
    ['the end of the long day', 'Europe/Madrid', '2017-10-29T23:00:00Z', ['2017-10-29', '2017-10-30']],
    ['a midnight that is skipped', 'America/Asuncion', '2017-10-01T04:00:00Z', ['2017-09-30', '2017-10-01']],
    ['a midnight far ahead of UTC', 'Pacific/Kiritimati', '2017-02-20T10:00:00Z', ['2017-02-20', '2017-02-21']],
    ['a leap day', 'Asia/Kathmandu', '2020-02-28T18:15:00Z', ['2020-02-28', '2020-02-29']],
  ])('when it is %s at the branch, then the new day starts at 1 again', async (_when, zone, midnight, days) => {
    let now = new Date(Date.parse(midnight) - 1);
    lanes = new QueueLanes(store, () => now);
    const there = () => draft({ place: { ...place, branch: { ...place.branch, time_zone: zone } } });
    const before = [await lanes.enter(there(), inTime()), await lanes.enter(there(), inTime())];
    now = new Date(midnight);
    const after = await lanes.enter(there(), inTime());

    expect([...before, after].map(({ businessDay, number }) => [businessDay, number])).toEqual([
      [days[0], 1],
      [days[0], 2],
      [days[1], 1],
    ]);
  });
});

describe('the last number', () => {
  test('when 9999 is given, then the next is refused and nothing is stored', async () => {
    await comeTo(9_998);

    const ends = await Promise.allSettled(upTo(3).map(() => lanes.enter(draft(), inTime())));

    expect(ends).toMatchObject([
      { status: 'fulfilled', value: { number: 9_999 } },
      { status: 'rejected', reason: { reason: 'NUMBERS_USED_UP' } },
      { status: 'rejected', reason: { reason: 'NUMBERS_USED_UP' } },
    ]);
    expect(await storedNumbers()).toEqual([9_998, 9_999]);
  });
});

describe('a repeated request', () => {
  test('when it comes later, then it gets the ticket that is there and uses no number', async () => {
    const first = await lanes.enter(draft({ key: 'k' }), inTime());
    const again = await lanes.enter(draft({ key: 'k' }), inTime());
    const next = await lanes.enter(draft(), inTime());

    expect(again).toEqual(first);
    expect(next.number).toBe(2);
  });

  test('when it comes at the same time, with others around it, then both get one ticket', async () => {
    const drafts = [draft({ key: 'k' }), draft(), draft({ key: 'k' }), draft()];

    const tickets = await Promise.all(drafts.map((each) => lanes.enter(each, inTime())));

    expect(tickets.map(({ number }) => number)).toEqual([1, 2, 1, 3]);
    expect(await storedNumbers()).toEqual([1, 2, 3]);
  });

  test('when it comes to another instance at the same time, then there is one ticket', async () => {
    const other = new QueueLanes(store, clock);

    const tickets = await Promise.all([lanes, other].map((each) => each.enter(draft({ key: 'k' }), inTime())));

    expect(tickets[0]!.id).toBe(tickets[1]!.id);
    expect(await storedNumbers()).toEqual([1]);
  });

  test('when its body is another one, then it is refused and the ticket stands', async () => {
    await lanes.enter(draft({ key: 'k' }), inTime());

    const changed = lanes.enter(draft({ key: 'k', fingerprint: 'changed' }), inTime());

    await expect(changed).rejects.toMatchObject({ reason: 'KEY_USED_WITH_ANOTHER_BODY' });
    expect(await storedNumbers()).toEqual([1]);
  });
});

describe('a request that is late', () => {
  test('when its deadline has passed, then nothing is stored and those around it are served', async () => {
    const ends = await Promise.allSettled([
      lanes.enter(draft(), inTime()),
      lanes.enter(draft(), Date.now() - 1),
      lanes.enter(draft(), inTime()),
    ]);

    expect(ends[1]).toMatchObject({ reason: expect.any(OutcomeUnknown) as unknown });
    expect(await storedNumbers()).toEqual([1, 2]);
  });
});
