import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger, readConfig, type TicketCreated } from '@turno/shared';
import { eventually } from '@turno/testing';
import { notificationsConfig, startNotifications } from '../src/index.ts';
import { AskableCarrier, Carrier, RecognisingCarrier, type Behaviour } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifications: Notifying;

beforeAll(async () => {
  notifications = await Notifying.open('resend');
});
afterAll(() => notifications.dispose());

/** An SMS that a carrier treated so, the event done with. */
async function handledEvent(carrier: Carrier): Promise<TicketCreated> {
  const event = eventOfTicket();
  await notifications.through(carrier)(event);
  notifications.pass(31);
  return event;
}

async function resend({ id }: TicketCreated, carrier: Carrier, options = {}): Promise<void> {
  expect(await notifications.resend(id, options)).toEqual({ kind: 'due' });
  await notifications.sweeper(carrier)(100);
}

const keys = (carrier: Carrier) => carrier.delivered.map(({ key }) => key);
const recordOf = ({ id }: TicketCreated) => notifications.records.find(id);

test('when an operator wants one sent that FAILED, then it is sent under another key', async () => {
  const carrier = new Carrier('permanent');
  const event = await handledEvent(carrier);

  await resend(event, carrier);

  expect(keys(carrier)).toEqual([`${event.id}.2`]);
  expect(await recordOf(event)).toMatchObject({ state: 'SENT', attempt: 2 });
});

test.each<[string, (...behaviours: Behaviour[]) => Carrier, (key: string) => string[], number]>([
  ['recognises keys', (...told) => new RecognisingCarrier(...told), (key) => [key], 1],
  ['can be asked', (...told) => new AskableCarrier(...told), (key) => [key], 1],
  ['can do neither', (...told) => new Carrier(...told), (key) => [key, `${key}.2`], 2],
])(
  'when it was taken and is UNKNOWN, and the provider %s, then the phone has a second one only where nobody can tell',
  async (_what, make, expected, attempt) => {
    const carrier = make('takes it and breaks off');
    const event = await handledEvent(carrier);
    expect(await recordOf(event)).toMatchObject({ state: 'UNKNOWN' });

    await resend(event, carrier);

    expect(keys(carrier)).toEqual(expected(event.id));
    expect(await recordOf(event)).toMatchObject({ state: 'SENT', attempt });
    expect(await recordOf(event)).not.toHaveProperty('dueAt');
  },
);

test('when the attempt that an operator asked for is UNKNOWN, too, then it is not repeated by itself', async () => {
  const carrier = new Carrier('ambiguous', 'ambiguous');
  const event = await handledEvent(carrier);
  await resend(event, carrier);

  notifications.pass(3_600);
  await notifications.sweeper(carrier)(100);

  expect(keys(carrier)).toEqual([]);
  expect(await recordOf(event)).toMatchObject({ state: 'UNKNOWN', attempt: 2 });
});

test('when it is still QUEUED for its event, then it is sent once although the event comes at the same time', async () => {
  const carrier = new Carrier('transient');
  const event = await handledEvent(carrier);

  await Promise.all([
    notifications.through(carrier)(event),
    resend(event, carrier).catch(() => undefined),
    notifications.through(carrier)(event),
  ]);
  await notifications.sweeper(carrier)(100);

  expect(keys(carrier)).toEqual([event.id]);
});

test('when it was sent and an operator insists, then it is sent again', async () => {
  const carrier = new Carrier();
  const event = await handledEvent(carrier);
  expect(await notifications.resend(event.id)).toEqual({ kind: 'sent-already' });

  await resend(event, carrier, { again: true });

  expect(keys(carrier)).toEqual([event.id, `${event.id}.2`]);
});

test('when notifications runs, then what is due is sent within seconds, and what is old is erased', async () => {
  const old = await handledEvent(new Carrier('permanent'));
  const { records, servers, inbox } = notifications;
  notifications.now = new Date();
  await records.add({ ...(await recordOf(old))!, key: 'young', createdAt: notifications.now });
  await notifications.resend('young');
  const variables = {
    AMQP_URL: servers.amqpUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_PORT: '0',
    NOTIFICATIONS_OPS_PORT: '0',
    SMS_PROVIDER: 'inbox',
    SMS_RETENTION_DAYS: '30',
  };

  const service = await startNotifications(readConfig(notificationsConfig, variables), createLogger('spec', 'silent'));

  await eventually(async () => (await inbox.newest(10)).some(({ key }) => key === 'young.2'));
  await eventually(async () => (await recordOf(old))?.erasedAt);
  expect(await recordOf(old)).toMatchObject({ state: 'FAILED', to: '', text: '' });
  await service.stop();
});
