import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BrokerConnection,
  Consumer,
  declareSubscription,
  done,
  Publisher,
  ticketCreated,
  ticketCreatedSubscription,
  type TicketCreated,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { announceAgainUseCase } from '../src/domain/announce-again.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { issueTicket, ticketCreatedEvent, type IssuedTicket, type TicketDraft } from '../src/domain/ticket.ts';
import { EventRelay } from '../src/entry-points/event-relay.ts';
import { openServers, silent, type Servers } from './database.ts';
import { draft } from './drafts.ts';

const ticketsTime = new Date('2017-02-20T15:00:00Z');
const clock = () => ticketsTime;
const aMinuteLater = () => new Date(ticketsTime.getTime() + 60_000);

let servers: Servers;
let connection: BrokerConnection;
let publisher: Publisher;
let tickets: TicketRepository;
let relay: EventRelay;
let number = 0;

beforeAll(async () => {
  servers = await openServers('event-relay');
  tickets = new TicketRepository(ticketModel(servers.mongo));
});

beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
  connection = await BrokerConnection.open({ url: servers.amqpUrl, name: 'spec', logger: silent });
});

afterEach(async () => {
  await relay.stop();
  await publisher.close();
  await forgetQueues();
  await connection.close();
});

afterAll(() => servers.dispose());

/** Each test declares what it needs, so that a queue of the one before is not bound in the next. */
async function forgetQueues(): Promise<void> {
  const channel = await connection.model!.createChannel();
  const { queue, deadLetterQueue } = ticketCreatedSubscription;
  for (const { name } of [queue, deadLetterQueue]) await channel.deleteQueue(name);
}

interface RelayOptions {
  readonly boundQueue: boolean;
  readonly sweepEveryMs?: number;
}

/** A relay a minute later, when everything that is not published yet has been left behind. */
async function openRelay({ boundQueue, sweepEveryMs = 50 }: RelayOptions): Promise<void> {
  publisher = new Publisher({
    connection,
    declare: async (channel) =>
      boundQueue
        ? declareSubscription(channel, ticketCreatedSubscription)
        : void (await channel.assertExchange('ticketing.events', 'topic', { durable: true })),
  });
  await publisher.ready();
  relay = new EventRelay({ tickets, publisher, clock: aMinuteLater, logger: silent, sweepEveryMs });
}

async function store(changes: Partial<TicketDraft> = {}): Promise<IssuedTicket> {
  const queueDay = { branchId: '27b6', queue: 'T', businessDay: '2017-02-20' };
  const ticket = issueTicket(draft(changes), queueDay, { number: ++number, ahead: 0 }, clock());
  await tickets.insertInOrder([ticket]);
  return ticket;
}

const announceAgain = (when: Date) => announceAgainUseCase({ tickets, clock: () => when, logger: silent })();
const publishedEvent = ({ id, createdAt }: IssuedTicket) => ({ ticketId: id, since: createdAt });
const pending = () => ticketModel(servers.mongo).countDocuments({ unpublishedSince: { $exists: true } });

/** What a consumer takes out of the queue, up to `count` events. */
async function consumed(count: number): Promise<TicketCreated[]> {
  const events: TicketCreated[] = [];
  const consumer = new Consumer({
    connection,
    subscription: ticketCreatedSubscription,
    schema: ticketCreated,
    handle: async (event) => (events.push(event), done),
    publisher,
    logger: silent,
  });
  await eventually(async () => events.length >= count);
  await consumer.close();
  return events;
}

describe('announcing a ticket', () => {
  test('when many that were left behind are in the queue already, then its event comes before theirs', async () => {
    await openRelay({ boundQueue: true });
    for (let i = 0; i < 20; i++) await store();
    relay.start();
    await eventually(async () => (await pending()) === 0);
    const ticket = await store();

    relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);

    const [first] = await consumed(21);
    expect(first!.subject).toBe(ticket.id);
  });

  test('when it is announced, then its event is in the queue and no longer pending', async () => {
    await openRelay({ boundQueue: true });
    const ticket = await store();

    relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);

    expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
  });

  test('when 150 are announced at once, then each is published once and none is pending', async () => {
    await openRelay({ boundQueue: true });
    const all = await Promise.all(Array.from({ length: 150 }, () => store()));

    for (const ticket of all) relay.announce(ticket);
    await relay.stop();

    expect(await pending()).toBe(0);
    const ids = (await consumed(150)).map(({ subject }) => subject);
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });
});

describe('announcing again', () => {
  const aDayMs = 24 * 60 * 60 * 1_000;

  test('when events were lost with their queue, then all are published again', async () => {
    await openRelay({ boundQueue: true });
    const all = await Promise.all(Array.from({ length: 20 }, () => store()));
    for (const ticket of all) relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);
    await forgetQueues();

    await announceAgain(ticketsTime);
    relay.start();

    const ids = (await consumed(20)).map(({ subject }) => subject);
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });

  test('when a ticket is older than 24 hours, then it is left alone', async () => {
    await openRelay({ boundQueue: true });
    const ticket = await store();
    await tickets.markPublished([publishedEvent(ticket)]);

    await announceAgain(new Date(ticketsTime.getTime() + aDayMs + 1));
    expect(await pending()).toBe(0);
    await announceAgain(new Date(ticketsTime.getTime() + aDayMs));
    expect(await pending()).toBe(1);
  });

  test('when an event was published to the old queue and is marked only now, then it stays pending', async () => {
    await openRelay({ boundQueue: true });
    const [lost, other] = [await store(), await store()];

    await announceAgain(aMinuteLater());
    await tickets.markPublished([publishedEvent(lost), publishedEvent(other)]);
    expect(await pending()).toBe(2);
    await tickets.markPublished([publishedEvent(lost), { ticketId: other.id, since: aMinuteLater() }]);

    const left = await tickets.unpublishedBefore(new Date(), 10);
    expect(left).toEqual([{ ticket: lost, since: aMinuteLater() }]);
  });
});

describe('the sweep', () => {
  test.each<[string, Partial<TicketDraft>]>([
    [
      'has everything',
      { customer: { id: 'a1', holder: 'id:a1', phone: undefined, language: 'en', promotionsAllowed: false } },
    ],
    ['has neither customer nor phone nor channel', { customer: undefined, phone: undefined, channel: undefined }],
  ])(
    'when a crash left a ticket that %s, then the event is the one its announcement would be',
    async (_what, changes) => {
      await openRelay({ boundQueue: true });
      const ticket = await store(changes);

      relay.start();
      await eventually(async () => (await pending()) === 0);

      expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
    },
  );

  test('when more were left than one batch takes, then one sweep publishes them all', async () => {
    await openRelay({ boundQueue: true, sweepEveryMs: 60_000 });
    await Promise.all(Array.from({ length: 450 }, () => store()));

    relay.start();

    await eventually(async () => (await pending()) === 0);
    expect(await consumed(450)).toHaveLength(450);
  });

  test('when no queue is bound, then nothing counts as published until one is', async () => {
    await openRelay({ boundQueue: false });
    const ticket = await store();

    relay.announce(ticket);
    await relay.stop();
    expect(await pending()).toBe(1);
    relay.start();

    expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
  });

  test('when a ticket is younger than what counts as left behind, then the sweep leaves it to its creator', async () => {
    await openRelay({ boundQueue: true });
    await store();

    await expect(tickets.unpublishedBefore(ticketsTime, 10)).resolves.toEqual([]);
  });

  test('when two instances sweep, then no event is lost', async () => {
    await openRelay({ boundQueue: true });
    const ids = (await Promise.all(Array.from({ length: 50 }, () => store()))).map(({ id }) => id);
    const other = new EventRelay({ tickets, publisher, clock: () => new Date(), logger: silent, sweepEveryMs: 50 });

    relay.start();
    other.start();
    await eventually(async () => (await pending()) === 0);
    await other.stop();

    const seen = new Set((await consumed(50)).map(({ subject }) => subject));
    expect([...seen].toSorted()).toEqual(ids.toSorted());
  });
});
