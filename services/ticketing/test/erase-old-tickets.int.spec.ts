import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '@turno/shared';
import { apiKeyModel, ApiKeyRepository } from '../src/data-access/api-key-repository.ts';
import { OutboxRepository } from '../src/data-access/outbox-repository.ts';
import { RequestKeySweep } from '../src/data-access/request-key-sweep.ts';
import { StandingTicketRepository } from '../src/data-access/standing-ticket-repository.ts';
import { TicketErasure } from '../src/data-access/ticket-erasure.ts';
import { ticketModel, type TicketDocument, type TicketModel } from '../src/data-access/ticket-model.ts';
import { TicketRepository } from '../src/data-access/ticket-repository.ts';
import { eraseOldTicketsUseCase } from '../src/domain/erase-old-tickets.ts';
import { QueueLanes } from '../src/domain/queue-lanes.ts';
import type { IssuedTicket } from '../src/domain/ticket.ts';
import { openServers, type Servers } from './database.ts';
import { draft } from './drafts.ts';

const customer = { id: 'a1', holder: 'id:a1', phone: undefined, language: 'es', promotionsAllowed: true } as const;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let servers: Servers;
let model: TicketModel;
let lanes: QueueLanes;
let now: Date;
let lines: string[];

beforeAll(async () => {
  servers = await openServers('erase-old-tickets');
  model = ticketModel(servers.mongo);
});
beforeEach(async () => {
  await model.deleteMany({});
  await servers.mongo.db!.collection('sweeps').deleteMany({});
  now = new Date('2017-02-20T15:00:00Z');
  lanes = new QueueLanes(new TicketRepository(model), () => now);
  lines = [];
});
afterAll(() => servers.dispose());

function sweep(retentionDays: number | 'forever'): Promise<boolean> {
  const logger = createLogger('spec', 'info', { write: (line) => void lines.push(line) });
  const requestKeys = new RequestKeySweep(servers.mongo);
  return eraseOldTicketsUseCase({
    apiKeys: new ApiKeyRepository(apiKeyModel(servers.mongo)),
    requestKeys,
    tickets: new TicketErasure(model, new OutboxRepository(servers.mongo)),
    retentionDays,
    clock: () => now,
    logger,
  })();
}

const take = (key?: string): Promise<IssuedTicket> =>
  lanes.enter(draft({ customer, ...(key && { key }) }), Date.now() + 60_000);
const stored = (id: string): Promise<TicketDocument> => model.findById(id).orFail().lean();
const after = (ms: number): void => void (now = new Date(now.getTime() + ms));

test('when the retention of a ticket is over, then nothing tells of its customer, and its number is not given again', async () => {
  const { id } = await take('caller:of-a1');
  after(91 * dayMs);

  await sweep(90);

  const left = await stored(id);
  expect(JSON.stringify(left)).not.toMatch(/987776576|a1"|of-a1|as it was/);
  expect(left).toMatchObject({ businessDay: '2017-02-20', queue: 'T', number: 1, erasedAt: now });
  expect(left.issued).toMatchObject({ channel: 'mobile', service: { id: '7b6' } });
  expect(await new StandingTicketRepository(model).find(id, {})).toBeUndefined();
  expect(lines.join()).toContain('"request_keys":1,"tickets":1');
  now = new Date('2017-02-20T15:00:00Z');
  lanes = new QueueLanes(new TicketRepository(model), () => now);
  expect((await take()).number).toBe(2);
});

test('when the retention is not over, or there is none, then a ticket is as it was', async () => {
  const { id } = await take();
  after(89 * dayMs);

  await sweep(90);
  after(1_000 * dayMs);
  await sweep('forever');

  expect(await stored(id)).toMatchObject({ holder: 'id:a1', issued: { phone: '+51987776576' } });
});

test("when a request's key is over, then key and fingerprint are forgotten; when it stands, then they are not", async () => {
  const old = await take('caller:old');
  after(10 * hourMs);
  const young = await take('caller:young');
  after(16 * hourMs);

  await sweep('forever');
  await sweep('forever');

  expect((await stored(old.id)).request).toEqual({ id: 'request-1', key: `expired:${old.id}` });
  expect((await stored(young.id)).request).toMatchObject({ key: 'caller:young', fingerprint: 'as it was' });
  expect(lines).toHaveLength(1);
});

test('when two instances sweep more than a batch at once, then all of it is erased, and the last look finds nothing', async () => {
  const { _id, number: _number, ...one } = await stored((await take()).id);
  const many = Array.from({ length: 1_100 }, (_, i) => ({
    ...one,
    _id: `many${i}`,
    number: i + 2,
    request: { ...one.request, key: `caller:${i}` },
  }));
  await model.insertMany(many);
  after(91 * dayMs);

  // One may lose a race against the other; then it comes again.
  for (let round = 0; round < 6; round++) await Promise.allSettled([sweep(90), sweep(90)]);

  expect(await sweep(90)).toBe(false);
  expect(await model.countDocuments({ $or: [{ holder: 'id:a1' }, { 'request.fingerprint': 'as it was' }] })).toBe(0);
  expect(await model.countDocuments({ erasedAt: { $exists: true } })).toBe(1_101);
});

test('when API keys ended three months ago, then they are gone; those that hold or ended lately stay', async () => {
  const keys = new ApiKeyRepository(apiKeyModel(servers.mongo));
  const key = { hash: 'h', channel: 'mobile', name: 'App', createdAt: now };
  for (const id of ['revoked', 'expired', 'standing', 'ended-lately']) {
    await keys.add({ id, ...key, ...(id === 'expired' && { expiresAt: now }) });
  }
  await keys.revoke('revoked', now);
  after(91 * dayMs);
  await keys.revoke('ended-lately', now);

  await sweep('forever');

  expect((await keys.all()).map(({ id }) => id).toSorted()).toEqual(['ended-lately', 'standing']);
});
