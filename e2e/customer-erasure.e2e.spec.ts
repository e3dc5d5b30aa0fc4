import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eraseCustomer, exportCustomer, type Terminal } from '@turno/cli';
import { connectMongo, type Connection } from '@turno/mongo';
import { PromotionConsentRepository, promotionConsentModel } from '@turno/notifications';
import { createLogger, QueuedMessages, ticketCreatedSubscription, type Ticket } from '@turno/shared';
import { eventually } from '@turno/testing';
import { OutboxRepository, ticketCreatedEvent, ticketModel, TicketErasure } from '@turno/ticketing';
import { giveUp } from './dead-letter.ts';
import { System } from './system.ts';

const silent = createLogger('spec', 'silent');
const place = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };
/** Who is to be forgotten, and by what nobody is to know the customer any more. */
const erased = { id: 'marked77cust', id_type: 'D', id_number: 'MK44556677', phone: '+51911223344' };
const other = { id: 'another88cust', id_type: 'D', id_number: 'MK99887766', phone: '+51955667788' };
const marksOf = ({ id, id_number, phone }: typeof erased): RegExp => new RegExp(`${id}|${id_number}|${phone.slice(1)}`);
const queues = [ticketCreatedSubscription.queue.name, ticketCreatedSubscription.deadLetterQueue.name];

let system: System;
let mongo: Connection;
let outbox: OutboxRepository;
let broker: QueuedMessages;

beforeAll(async () => {
  const known = [erased, other].map((customer) => ({ ...customer, language: 'es' as const, promotions: true }));
  system = await System.start('customer-erasure', {
    catalogue: (demo) => ({ ...demo, known_customers: [...demo.known_customers, ...known] }),
  });
  mongo = await connectMongo(system.mongoUrl, silent);
  outbox = new OutboxRepository(mongo);
  broker = await QueuedMessages.open({ url: system.amqpUrl, logger: silent });
  Object.assign(process.env, {
    TICKETING_MONGO_URL: system.mongoUrl,
    NOTIFICATIONS_MONGO_URL: system.mongoUrl,
    AMQP_URL: system.amqpUrl,
  });
});
afterAll(async () => {
  await broker.close();
  await mongo.close();
  await system.stop();
});

const nothing = (): void => undefined;
const confirm = async (): Promise<boolean> => false;

function recording(): { terminal: Terminal; said: string[] } {
  const said: string[] = [];
  return {
    said,
    terminal: { isInteractive: false, say: (line) => void said.push(line), note: nothing, flash: nothing, confirm },
  };
}

async function take(customer: typeof erased, key = 'none'): Promise<Ticket> {
  const headers = key === 'none' ? {} : { 'idempotency-key': key };
  const answer = await system.post({ ...place, customer_id: customer.id }, headers);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Ticket;
}

/** Whatever is in both databases and both queues. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const { name } of await mongo.db!.listCollections().toArray()) {
    parts.push(`${name} ${JSON.stringify(await mongo.db!.collection(name).find().toArray())}`);
  }
  for (const queue of queues) {
    const bodies: string[] = [];
    await broker.look(queue, ({ body, properties }) => bodies.push(body.toString() + JSON.stringify(properties)));
    parts.push(`${queue} ${bodies.join()}`);
  }
  return parts.join('\n');
}

/** Each has something everywhere: sent and cancelled tickets, a STOP, a dead letter, an event that waits and one that is pending. */
async function leaveTraces(): Promise<void> {
  const first = await take(erased, 'of-the-first');
  const gone = await take(erased);
  await take(other);
  await system.send('DELETE', `/customer/v1/tickets/${gone.id}`);
  await eventually(async () => (await system.inbox()).length === 3);
  const consents = new PromotionConsentRepository(promotionConsentModel(mongo));
  for (const { phone } of [erased, other]) await consents.keep({ phone, allowed: false, since: new Date() });
  await eventually(async () => (await consents.untold(10)).length === 0);
  await system.stopNotifications();
  for (const customer of [erased, other]) await take(customer);
  await eventually(async () => (await broker.look(queues[0]!, () => undefined)).waiting === 2);
  await giveUp(system.amqpUrl, [
    { messageId: 'broken', reason: 'the message is not JSON', body: `{"phone": "${erased.phone}", "to` },
    { messageId: `${first.id}.created`, reason: 'delivery_limit', body: await eventOf(first.id) },
    { messageId: 'of-another', reason: 'the message is not JSON', body: `{"phone": "${other.phone}", "to` },
  ]);
  await system.stopTicketing();
  // As it is when ticketing is killed before the broker has the event.
  await outbox.open({ id: 'page', ticketIds: [first.id], openedAt: new Date() });
}

async function eventOf(id: string): Promise<string> {
  const [ticket] = await new TicketErasure(ticketModel(mongo), outbox).some([id]);
  return JSON.stringify(ticketCreatedEvent(ticket!));
}

test('when a customer is erased, then nothing anywhere tells of the customer, and all of others is as it was', async () => {
  await leaveTraces();
  const { terminal, said } = recording();
  expect(await exportCustomer({ id: erased.id }, terminal)).toBe(0);
  const lateEvent = await eventOf(JSON.parse(said[0]!).tickets[0].id as string);
  expect(JSON.parse(said.pop()!)).toMatchObject({
    directory: erased,
    tickets: { length: 3 },
    pending_events: { length: 1 },
    sms: { length: 2 },
    inbox: { length: 2 },
    promotions: [{ phone: erased.phone, allowed: false }],
    waiting_events: { length: 1 },
    dead_letters: { length: 2 },
  });

  expect(await eraseCustomer({ id: erased.id, yes: true, json: true }, terminal)).toBe(0);

  expect(JSON.parse(said.pop()!)).toMatchObject({
    complete: true,
    places: [1, 1, 2, 2, 1, 2, 3, 0, 1].map((count) => ({ found: count, erased: count })),
  });
  expect(await everything()).not.toMatch(marksOf(erased));
  expect((await everything()).split(other.phone.slice(1)).length).toBeGreaterThan(8);
  await comeBack(lateEvent);
});

/** The services start again, a late event comes, and the customer's app repeats its request. */
async function comeBack(lateEvent: string): Promise<void> {
  await giveUp(system.amqpUrl, [{ messageId: 'late', reason: 'none', body: lateEvent }], queues[0]);
  await system.startTicketing();
  await system.startNotifications();
  await eventually(async () => (await system.ready('gateway')).status === 200);
  const body = { ...place, customer_id: erased.id };

  const repeated = await system.post(body, { 'idempotency-key': 'of-the-first' });
  const anew = await system.post(body);

  expect([repeated.status, anew.status]).toEqual([201, 400]);
  expect(await repeated.json()).not.toHaveProperty('phone');
  await eventually(async () => (await system.inbox()).filter(({ to }) => to === other.phone).length === 2);
  await eventually(async () => (await broker.look(queues[0]!, () => undefined)).waiting === 0);
  expect(await everything()).not.toMatch(marksOf(erased));
  const consents = new PromotionConsentRepository(promotionConsentModel(mongo));
  expect(await consents.find(erased.phone)).toMatchObject({ allowed: false });
}
