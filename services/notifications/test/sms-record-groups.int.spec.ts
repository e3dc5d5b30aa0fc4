import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { commandsOf, eventually, TcpLink } from '@turno/testing';
import { smsRecordModel } from '../src/data-access/sms-record-model.ts';
import { SmsRecordRepository } from '../src/data-access/sms-record-repository.ts';
import type { SmsProgress, SmsRecord } from '../src/domain/sms-record.ts';
import { notificationsModels } from '../src/index.ts';

const logger = createLogger('spec', 'silent');
const at = new Date('2017-02-20T10:00:00Z');
const later = new Date('2017-02-20T10:00:01Z');

let servers: Isolated;
let mongo: Connection;
let records: SmsRecordRepository;

beforeAll(async () => {
  servers = await isolateForTest('sms-record-groups');
  mongo = await connectMongo(servers.mongoUrl, logger, { monitorCommands: true });
  await createIndexes(notificationsModels(mongo));
  records = new SmsRecordRepository(smsRecordModel(mongo));
});
beforeEach(() => smsRecordModel(mongo).deleteMany({}));
afterAll(async () => {
  await mongo.close();
  await servers.dispose();
});

const sending = (key: string): SmsRecord => ({
  key,
  ticketId: `ticket-${key}`,
  requestId: 'r',
  purpose: 'turn',
  to: '+51987776576',
  text: 'Su turno es T2',
  segments: 1,
  encoding: 'GSM-7',
  state: 'SENDING',
  since: at,
  createdAt: at,
  attempt: 1,
});
const sent = (key: string): SmsProgress => ({ state: 'SENT', since: later, providerId: `id-${key}` });
const keys = Array.from({ length: 30 }, (_, i) => `event-${i}`);
const addAll = (of: readonly string[]) => Promise.all(of.map((key) => records.add(sending(key))));

test('when 30 SMS are begun and sent at the same time, then that takes one command each', async () => {
  const commands = await commandsOf(mongo.getClient(), async () => {
    await addAll(keys);
    await Promise.all(keys.map((key) => records.advance(sending(key), sent(key))));
  });

  expect(commands).toEqual({ 'insert sms_records': 1, 'update sms_records': 1 });
  expect(await smsRecordModel(mongo).countDocuments({ state: 'SENT' })).toBe(30);
});

test('when some are there already, and one comes twice at once, then each is begun once', async () => {
  await addAll(['event-3', 'event-1']);

  const added = await addAll(['event-4', 'event-3', 'event-2', 'event-4', 'event-1', 'event-0']);

  expect(added.map((record) => record?.key)).toEqual([
    'event-4',
    undefined,
    'event-2',
    undefined,
    undefined,
    'event-0',
  ]);
});

test('when a callback or another instance has moved some, then each is told what became of its own', async () => {
  await addAll(['a', 'b', 'c']);
  await records.advance(sending('b'), { state: 'DELIVERED', since: later, providerId: 'id-b' });
  await records.advance(sending('c'), { state: 'UNKNOWN', since: later, reason: 'the time was over' });

  const moved = await Promise.all(['c', 'a', 'b'].map((key) => records.advance(sending(key), sent(key))));

  expect(moved).toEqual([false, true, false]);
  const states = await smsRecordModel(mongo).find({}, { state: 1 }).sort({ _id: 1 }).lean();
  expect(states.map(({ state }) => state)).toEqual(['SENT', 'DELIVERED', 'UNKNOWN']);
});

test('when the database stores a record so late that nobody waited, then it does not pass for half-way sent', async () => {
  const link = await TcpLink.to(servers.mongoUrl);
  const slow = await connectMongo(link.urlFor(servers.mongoUrl), logger);
  const held = link.holdAnswersFrom('insert');
  const adding = new SmsRecordRepository(smsRecordModel(slow)).add(sending('late'));
  await held;

  await expect(adding).rejects.toThrow('the database does not answer');
  expect((await records.find('late'))?.state).toBe('SENDING');
  await link.mend();

  await eventually(async () => (await records.find('late'))?.state === 'QUEUED');
  await slow.close();
  await link.close();
});
