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
import { SmsRecordRepository, smsRecordModel } from './sms-record-repository.ts';

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
  await Promise.all(keys.map((key) => records().add(record(key))));
  const consents = new PromotionConsentRepository(promotionConsentModel(mongo));
  await Promise.all(keys.map((_, i) => consents.keep({ phone: `+5190000${1_000 + i}`, allowed: false, since: at })));
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await servers.dispose();
});

function record(key: string): SmsRecord {
  const sms = { key, ...message, segments: 1, requestId: 'r' } as const;
  return { ...sms, state: 'SENDING', since: at, createdAt: at, providerId: `provider's ${key}` };
}

const records = (): SmsRecordRepository => new SmsRecordRepository(smsRecordModel(mongo));
const view = (): InboxView =>
  new InboxView({ inbox: inbox(), records: smsRecordModel(mongo), consents: promotionConsentModel(mongo) });
const later = new Date(at.getTime() + 1);
const inbox = (): InboxRepository => new InboxRepository(inboxModel(mongo));

test.each<[string, string, () => Promise<unknown>]>([
  ['a record is looked up', '_id_', () => records().find('event-7')],
  [
    'a record is looked up by its id at the provider',
    'by_provider_id',
    () => records().findByProviderId("provider's event-7"),
  ],
  ['a record is moved on', '_id_', () => records().advance(record('event-7'), { state: 'SENT', since: at })],
  ['the newest messages are listed', 'newest_first', () => inbox().newest(10)],
])('when %s, then it is by the index %s', async (_when, index, work) => {
  const plans = await queryPlansOf(mongo.getClient(), work);

  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter(({ stages }) => stages.includes('COLLSCAN'))).toEqual([]);
  expect([...new Set(plans.flatMap((plan) => plan.indexes))]).toEqual([index]);
});

test('when the inbox page looks for what is new, then all of it is by indexes', async () => {
  const plans = await queryPlansOf(mongo.getClient(), async () => {
    await view().tracesSince(later, 1_000);
    await view().messages(['event-7']);
    await view().consents(['+51900001007']);
    await view().newestConsents(10);
  });

  const indexes = plans.flatMap((plan) => plan.indexes);
  expect(plans.filter(({ stages }) => stages.includes('COLLSCAN'))).toEqual([]);
  expect(new Set(indexes)).toEqual(new Set(['newest_first', 'last_moved', 'last_decided', '_id_']));
});
