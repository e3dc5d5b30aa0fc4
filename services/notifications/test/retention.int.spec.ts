import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectMongo } from '@turno/mongo';
import { createLogger, type TicketCreated } from '@turno/shared';
import { smsRecordModel } from '../src/data-access/sms-record-model.ts';
import { eraseOldSmsUseCase } from '../src/domain/erase-old-sms.ts';
import { Carrier, RecognisingCarrier, type Behaviour } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

const silent = createLogger('spec', 'silent');
const day = 86_400;

let notifications: Notifying;

beforeAll(async () => {
  notifications = await Notifying.open('retention');
});
afterAll(() => notifications.dispose());

/** An SMS of long ago, erased. */
async function erasedEvent(...behaviours: Behaviour[]): Promise<TicketCreated> {
  const event = eventOfTicket();
  await notifications.through(new Carrier(...behaviours))(event);
  notifications.pass(31 * day);
  await erase(30);
  return event;
}

function erase(retentionDays: number): Promise<boolean> {
  const { records, inbox } = notifications;
  return eraseOldSmsUseCase({ records, inbox, retentionDays, clock: () => notifications.now, logger: silent })();
}

async function stored(key: string): Promise<unknown> {
  const mongo = await connectMongo(notifications.servers.mongoUrl, silent);
  const document: unknown = await smsRecordModel(mongo).findById(key).lean();
  await mongo.close();
  return document;
}

test('when the retention is over, then nothing of the SMS is left but its key and state', async () => {
  const event = await erasedEvent();

  const left = await stored(event.id);
  expect(left).toEqual({
    _id: event.id,
    state: 'SENT',
    since: expect.any(Date),
    attempt: 1,
    erasedAt: notifications.now,
  });
});

test('when the retention is not over, then all is there; when it is shortened, then it is erased', async () => {
  const event = eventOfTicket();
  await notifications.through(new Carrier())(event);
  notifications.pass(20 * day);
  await erase(30);
  expect(await notifications.records.find(event.id)).toMatchObject({ to: '+51987776576' });

  await erase(10);

  expect(await notifications.records.find(event.id)).toMatchObject({ to: '', text: '' });
});

test('when the inbox has kept a message past the retention, then it is not there any more', async () => {
  await notifications.through(notifications.inboxProvider())(eventOfTicket());
  notifications.pass(31 * day);
  const young = eventOfTicket();
  await notifications.through(notifications.inboxProvider())(young);

  await erase(30);

  expect((await notifications.inbox.newest(10)).map(({ key }) => key)).toEqual([young.id]);
});

test('when there are more than a batch, then it says that there is more until all are erased', async () => {
  const record = (await notifications.records.find((await sentEvent()).id))!;
  const adding = Array.from({ length: 600 }, (_, i) => notifications.records.add({ ...record, key: `many-${i}` }));
  await Promise.all(adding);
  notifications.pass(31 * day);

  expect([await erase(30), await erase(30), await erase(30)]).toEqual([true, false, false]);
});

async function sentEvent(): Promise<TicketCreated> {
  const event = eventOfTicket();
  await notifications.through(new Carrier())(event);
  return event;
}

test.each<[string, Behaviour, number, string]>([
  ['was sent', 'sent', 0, 'SENT'],
  ['will never be taken', 'permanent', 0, 'FAILED'],
  ['nobody knows of', 'ambiguous', 0, 'UNKNOWN'],
  ['was never taken', 'transient', 1, 'SENT'],
])(
  'when the event of an erased SMS that %s is redriven, then no phone has two, and none goes without',
  async (_what, behaviour, texted, state) => {
    const event = await erasedEvent(behaviour);
    const carrier = new Carrier();

    expect(await notifications.through(carrier)(event)).toEqual({ kind: 'done' });

    expect(carrier.delivered.map(({ to }) => to)).toEqual(Array(texted).fill('+51987776576'));
    expect(await notifications.records.find(event.id)).toMatchObject({ state, to: '' });
  },
);

test('when a late callback is about an erased SMS, then its state moves on and nothing comes back', async () => {
  const event = await erasedEvent('ambiguous');

  const news = { kind: 'delivery', key: event.id, providerId: 'carrier-1', reason: 'of +51987776576' } as const;
  await notifications.receiveCallback({ ...news, state: 'FAILED', tryAgainAfterMs: 1_000 });

  const record = await notifications.records.find(event.id);
  expect(record).toMatchObject({ state: 'FAILED', to: '', text: '' });
  expect(record).not.toHaveProperty('reason');
  expect(record).not.toHaveProperty('providerId');
});

test('when an operator wants an erased SMS sent, then that is not possible', async () => {
  const event = await erasedEvent('permanent');

  expect(await notifications.resend(event.id)).toEqual({ kind: 'erased' });
});

test('when the event of an erased SMS comes again to a provider that recognises keys, then it has the same key', async () => {
  const event = await erasedEvent('takes it and breaks off');
  const carrier = new RecognisingCarrier();

  await notifications.through(carrier)(event);

  expect(carrier.delivered.map(({ key }) => key)).toEqual([event.id]);
});
