import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { createIndexes } from '@turno/mongo';
import { queryPlansOf } from '@turno/testing';
import mongoose, { type Connection } from 'mongoose';
import type { SmsRecord } from '../domain/sms-record.ts';
import { InboxRepository, inboxModel } from './inbox-repository.ts';
import { InboxView } from './inbox-view.ts';
import { notificationsModels } from './models.ts';
import { PromotionConsentRepository, promotionConsentModel } from './promotion-consent-repository.ts';
import { SmsErasure } from './sms-erasure.ts';
import { smsRecordModel } from './sms-record-model.ts';
import { SmsRecordRepository } from './sms-record-repository.ts';
import { SmsRecordSearch } from './sms-record-search.ts';

const at = new Date('2017-02-20T10:00:00.000Z');
const message = {
  to: '+51987776576',
  text: 'Su turno es T2',
  ticketId: 'x',
  encoding: 'GSM-7',
  purpose: 'turn',
} as const;

let servers: Isolated;
let mongo: Connection;

beforeAll(async () => {
  servers = await isolateForTest('query-plans');
  mongo = await mongoose
    .createConnection(servers.mongoUrl, { monitorCommands: true, autoIndex: false, ignoreUndefined: true })
    .asPromise();
  await createIndexes(notificationsModels(mongo));
  const keys = Array.from({ length: 1_000 }, (_, i) => `event-${i}`);
  await inboxModel(mongo).insertMany(keys.map((_id) => ({ _id, ...message, segments: 1, sentAt: at })));
  const told = { allowed: false, since: at };
  await promotionConsentModel(mongo).insertMany(keys.map((_id) => ({ _id, ...told })));
  await consents().keep({ phone: '+51987776576', ...told });
  await Promise.all(keys.map((key, i) => records().add(record(key, i))));
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await servers.dispose();
});

/** Each with a ticket and a phone of its own; one in a hundred is FAILED, and due. */
function record(key: string, i = 7): SmsRecord {
  const sms = { key, ...message, segments: 1, encoding: 'GSM-7', purpose: 'turn', requestId: 'r' } as const;
  const own = { ticketId: `ticket-${i}`, to: `+5198777${i}`, createdAt: later(i), providerId: `provider's ${key}` };
  const state = i % 100 === 99 ? ({ state: 'FAILED', dueAt: later(i) } as const) : ({ state: 'SENDING' } as const);
  return { ...sms, ...own, ...state, since: at, attempt: 1 };
}

const later = (seconds: number): Date => new Date(at.getTime() + seconds * 1_000);
const records = (): SmsRecordRepository => new SmsRecordRepository(smsRecordModel(mongo));
const consents = () => new PromotionConsentRepository(promotionConsentModel(mongo));
const search = (): SmsRecordSearch => new SmsRecordSearch(smsRecordModel(mongo));
const view = (): InboxView =>
  new InboxView({ inbox: inbox(), records: smsRecordModel(mongo), consents: promotionConsentModel(mongo) });
const erasure = () => new SmsErasure({ records: smsRecordModel(mongo), inbox: inboxModel(mongo), messages: inbox() });
const inbox = (): InboxRepository => new InboxRepository(inboxModel(mongo));

test.each<[string, string, () => Promise<unknown>]>([
  ['a record is looked up', '_id_', () => records().find('event-7')],
  [
    'a record is looked up by its id at the provider',
    'by_provider_id',
    () => records().findByProviderId("provider's event-7"),
  ],
  ['a record is moved on', '_id_', () => records().advance(record('event-7'), { state: 'SENT', since: at })],
  ['a consent is looked up', '_id_', () => consents().find('event-7')],
  ['a consent is kept', '_id_', () => consents().keep({ phone: 'event-7', allowed: true, since: at })],
  ['untold consents are looked up', 'untold', () => consents().untold(10)],
  ['due records are looked for', 'due', () => records().findDue(later(2_000), 100)],
  ['a due record is leased', '_id_', () => records().lease(record('event-99', 99), later(3_000))],
  ['records are listed', 'newest_first', () => search().newest({}, 50)],
  ['records of an hour are listed', 'newest_first', () => search().newest({ since: later(500) }, 50)],
  ['records of a ticket are listed', 'by_ticket', () => search().newest({ ticketId: 'ticket-7' }, 50)],
  ['records of a phone are listed', 'by_phone', () => search().newest({ phone: '+51987777' }, 50)],
  ['records in a state are listed', 'by_state', () => search().newest({ state: 'FAILED' }, 50)],
  ['records in a state are counted', 'by_state', () => search().count({ state: 'FAILED', since: later(500) }, 5)],
  ['handed-over records are listed', 'newest_first', () => search().handovers(later(500), 50)],
  ['the newest messages are listed', 'newest_first', () => inbox().newest(10)],
  ['old messages of the inbox are looked for', 'newest_first', () => inbox().erase(later(-1), 50)],
  ['old records are erased', 'newest_first', () => records().erase(later(0), later(0), 50)],
  ["a customer's SMS are looked for", '_id_', () => erasure().ofEvents(['event-7'])],
  ['the tickets of a phone are looked for', 'by_phone', () => erasure().ticketsOfPhone('+51987777')],
  ["a customer's words on promotions are looked for", '_id_', () => consents().kept(['event-9'])],
  [
    "a customer's STOP is kept under a digest",
    '_id_',
    () => consents().erase({ phone: 'event-9', allowed: false, since: at }),
  ],
])('when %s, then it is by the index %s', async (_when, index, work) => {
  const plans = await queryPlansOf(mongo.getClient(), work);

  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter(({ stages }) => stages.includes('COLLSCAN'))).toEqual([]);
  expect([...new Set(plans.flatMap((plan) => plan.indexes))]).toEqual([index]);
});

test('when the inbox page looks for what is new, then all of it is by indexes', async () => {
  const plans = await queryPlansOf(mongo.getClient(), async () => {
    await view().tracesSince(later(0.001), 1_000);
    await view().messages(['event-7']);
    await view().consents(['event-7']);
    await view().newestConsents(10);
  });

  const indexes = plans.flatMap((plan) => plan.indexes);
  expect(plans.filter(({ stages }) => stages.includes('COLLSCAN'))).toEqual([]);
  expect(new Set(indexes)).toEqual(new Set(['newest_first', 'last_moved', 'last_decided', '_id_']));
});
