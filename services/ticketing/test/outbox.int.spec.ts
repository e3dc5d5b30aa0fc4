import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { commandsOf, eventually } from '@turno/testing';
import { OutboxRepository, outboxPageModel } from '../src/data-access/outbox-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import type { Outbox } from '../src/domain/outbox.ts';
import { openServers, type Servers } from './database.ts';
import { openOutbox, pendingIn, storeTicket } from './outbox.ts';

const secondMs = 1_000;
const minuteMs = 60_000;

let servers: Servers;
let now: Date;
let outbox: Outbox;

beforeAll(async () => {
  servers = await openServers('outbox', { monitorCommands: true });
});
beforeEach(() => {
  now = new Date('2017-02-20T15:00:00Z');
  outbox = openOutbox(servers, clock);
});
afterEach(async () => {
  await outbox.stop();
  await outboxPageModel(servers.mongo).deleteMany({});
  await ticketModel(servers.mongo).deleteMany({});
});
afterAll(() => servers.dispose());

const clock = () => now;
const after = (ms: number): void => void (now = new Date(now.getTime() + ms));
const pages = () => outboxPageModel(servers.mongo).find({}).lean();
const onPages = () => new OutboxRepository(servers.mongo).unsettled();
const leftBehind = () => ticketModel(servers.mongo).distinct('_id', { unpublishedSince: { $exists: true } });
const takeMany = (count: number) => Promise.all(Array.from({ length: count }, () => outbox.take()));

const store = async (id: string): Promise<string> => (await storeTicket(servers, { take: async () => id }, now)).id;

describe('ids', () => {
  test('when a thousand are taken at once, then all differ, and each is on a stored page', async () => {
    const ids = await takeMany(1_000);

    expect(new Set(ids).size).toBe(1_000);
    const named = new Set(await onPages());
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  test('when one is taken for each of a hundred requests, then the database has two commands at most', async () => {
    const commands = await commandsOf(servers.mongo.getClient(), () => takeMany(100));

    expect(commands).toEqual({ 'insert outbox_pages': 1 });
  });

  test('when a page has been used for a minute, then the next id is of another', async () => {
    await outbox.settle(await outbox.take());
    const [old] = await pages();
    after(minuteMs);

    await outbox.take();

    const ids = await eventually(async () => (await pages()).length === 1 && (await pages()).map(({ _id }) => _id));
    expect(ids).not.toEqual([old!._id]);
  });

  test('when there is no database, then none is given', async () => {
    const { link, mongo } = await servers.byLink();
    await link.cut();

    await expect(openOutbox({ mongo }, clock).take()).rejects.toThrow(/ECONNREFUSED|closed/);
  });
});

test('when there is no ticket under an id, then another may have it, and the page is as it was', async () => {
  const id = await outbox.take();
  const before = await onPages();

  outbox.release(id);

  expect(await outbox.take()).toBe(id);
  expect(await onPages()).toEqual(before);
});

describe('settling', () => {
  test('when some events are with the broker, then the others are on the page still', async () => {
    const [first, second, third] = await takeMany(3);

    await Promise.all([outbox.settle(first!), outbox.settle(third!)]);

    const left = new Set(await onPages());
    expect([first, second, third].map((id) => left.has(id!))).toEqual([false, true, false]);
  });

  test('when all ids of a page are settled, then it is gone, and so are all when the instance stops', async () => {
    const ids = await takeMany(600);
    const before = await pages();

    await Promise.all(ids.map((id) => outbox.settle(id)));

    const kept = (await pages()).filter(({ _id }) => before.some((page) => page._id === _id));
    expect(kept.length).toBeLessThan(before.length);
    await outbox.stop();
    expect(await pages()).toEqual([]);
  });

  test('when it cannot be stored, then another instance finds the event pending', async () => {
    const { link, mongo } = await servers.byLink();
    const unlucky = openOutbox({ mongo }, clock);
    const id = await store(await unlucky.take());
    await link.cut();

    await unlucky.settle(id);
    after(3 * secondMs);
    await outbox.leaveBehind();

    expect(await leftBehind()).toEqual([id]);
  });
});

describe('what a crash leaves', () => {
  test('when an instance died with a ticket and without one, then the ticket is left behind for the others', async () => {
    const crashed = openOutbox(servers, clock);
    const [stored] = [await store(await crashed.take()), await crashed.take()];
    after(secondMs);
    await outbox.leaveBehind();
    expect(await leftBehind()).toEqual([]);

    after(2 * secondMs);
    await outbox.leaveBehind();

    expect(await leftBehind()).toEqual([stored]);
    expect(await pendingIn(servers)).toBe(1);
  });

  test('when a page is of no more use, then it is closed after five minutes, and not before', async () => {
    await openOutbox(servers, clock).take();
    after(5 * minuteMs);
    await outbox.leaveBehind();
    expect(await pages()).toHaveLength(1);

    after(1);
    await outbox.leaveBehind();

    expect(await pages()).toEqual([]);
  });

  test('when an answer was lost, then the ticket is left behind by the instance itself if it is there', async () => {
    const [stored, none] = await takeMany(2);
    await store(stored!);
    outbox.doubt(stored!);
    outbox.doubt(none!);

    after(3 * secondMs);
    await outbox.leaveBehind();

    expect(await leftBehind()).toEqual([stored]);
    const left = new Set(await onPages());
    expect([left.has(stored!), left.has(none!)]).toEqual([false, true]);
  });

  test('when a ticket in doubt comes after its page was given up, then it is left behind all the same', async () => {
    const id = await outbox.take();
    outbox.doubt(id);
    after(5 * minuteMs - secondMs);
    await outbox.leaveBehind();
    await store(id);
    after(4 * secondMs);

    await outbox.leaveBehind();

    expect(await leftBehind()).toEqual([id]);
  });
});
