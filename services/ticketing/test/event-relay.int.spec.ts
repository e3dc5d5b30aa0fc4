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
import { outboxPageModel } from '../src/data-access/outbox-repository.ts';
import { ticketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import type { Outbox } from '../src/domain/outbox.ts';
import { ticketCreatedEvent, type IssuedTicket, type TicketDraft } from '../src/domain/ticket.ts';
import { EventRelay } from '../src/entry-points/event-relay.ts';
import { openServers, silent, type Servers } from './database.ts';
import { openOutbox, pendingIn, storeTicket } from './outbox.ts';

const ticketsTime = new Date('2017-02-20T15:00:00Z');
const clock = () => ticketsTime;
const aMinuteLater = () => new Date(ticketsTime.getTime() + 60_000);

let servers: Servers;
let connection: BrokerConnection;
let publisher: Publisher;
let tickets: TicketRepository;
let relay: EventRelay;
/** That of the relay. */
let outbox: Outbox;
/** That of an instance which a crash has ended. */
let crashed: Outbox;

beforeAll(async () => {
  servers = await openServers('event-relay');
  tickets = new TicketRepository(ticketModel(servers.mongo));
});

beforeEach(async () => {
  await ticketModel(servers.mongo).deleteMany({});
  await outboxPageModel(servers.mongo).deleteMany({});
  [outbox, crashed] = [openOutbox(servers, aMinuteLater), openOutbox(servers, clock)];
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
  relay = new EventRelay({ tickets, outbox, publisher, clock: aMinuteLater, logger: silent, sweepEveryMs });
}

const store = (ids: Outbox, changes?: Partial<TicketDraft>): Promise<IssuedTicket> =>
  storeTicket(servers, ids, ticketsTime, changes);
const announceAgain = (when: Date) => announceAgainUseCase({ tickets, clock: () => when, logger: silent })();
const pending = () => pendingIn(servers);

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
    for (let i = 0; i < 20; i++) await store(crashed);
    relay.start();
    await eventually(async () => (await pending()) === 0);
    const ticket = await store(outbox);

    relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);

    const [first] = await consumed(21);
    expect(first!.subject).toBe(ticket.id);
  });

  test('when it is announced, then its event is in the queue and no longer pending', async () => {
    await openRelay({ boundQueue: true });
    const ticket = await store(outbox);

    relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);

    expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
  });

  test('when 150 are announced at once, then each is published once and none is pending', async () => {
    await openRelay({ boundQueue: true });
    const all = await Promise.all(Array.from({ length: 150 }, () => store(outbox)));

    for (const ticket of all) relay.announce(ticket);
    await relay.stop();

    expect(await pending()).toBe(0);
    const ids = (await consumed(150)).map(({ subject }) => subject);
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });
});

describe('announcing again', () => {
  test('when events were lost with their queue, then all are published again', async () => {
    await openRelay({ boundQueue: true });
    const all = await Promise.all(Array.from({ length: 20 }, () => store(outbox)));
    for (const ticket of all) relay.announce(ticket);
    await eventually(async () => (await pending()) === 0);
    await forgetQueues();

    await announceAgain(ticketsTime);
    relay.start();

    const ids = (await consumed(20)).map(({ subject }) => subject);
    expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
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
      const ticket = await store(crashed, changes);

      relay.start();
      await eventually(async () => (await pending()) === 0);

      expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
    },
  );

  test('when more were left than one batch takes, then one sweep publishes them all', async () => {
    await openRelay({ boundQueue: true, sweepEveryMs: 60_000 });
    await Promise.all(Array.from({ length: 450 }, () => store(crashed)));

    relay.start();

    await eventually(async () => (await pending()) === 0);
    expect(await consumed(450)).toHaveLength(450);
  });

  test('when no queue is bound, then nothing counts as published until one is', async () => {
    await openRelay({ boundQueue: false });
    const ticket = await store(outbox);

    relay.announce(ticket);
    await relay.stop();
    expect(await pending()).toBe(1);
    relay.start();

    expect(await consumed(1)).toEqual([ticketCreatedEvent(ticket)]);
  });

  test('when a ticket is younger than what counts as left behind, then the sweep leaves it to its creator', async () => {
    await openRelay({ boundQueue: true });
    await store(crashed);
    const aSecondLater = new Date(ticketsTime.getTime() + 1_000);

    await openOutbox(servers, () => aSecondLater).leaveBehind();

    await expect(tickets.unpublishedBefore(new Date(), 10)).resolves.toEqual([]);
    expect(await pending()).toBe(1);
  });

  test('when two instances sweep, then no event is lost', async () => {
    await openRelay({ boundQueue: true });
    const ids = (await Promise.all(Array.from({ length: 50 }, () => store(crashed)))).map(({ id }) => id);
    const another = { outbox: openOutbox(servers, aMinuteLater), clock: aMinuteLater, sweepEveryMs: 50 };
    const other = new EventRelay({ tickets, publisher, logger: silent, ...another });

    relay.start();
    other.start();
    await eventually(async () => (await pending()) === 0);
    await other.stop();

    const seen = new Set((await consumed(50)).map(({ subject }) => subject));
    expect([...seen].toSorted()).toEqual(ids.toSorted());
  });
});
