import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectMongo } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { TcpLink } from '@turno/testing';
import { PromotionConsentRepository, promotionConsentModel } from '../src/data-access/promotion-consent-repository.ts';
import { smsRecordModel } from '../src/data-access/sms-record-model.ts';
import { SmsRecordRepository } from '../src/data-access/sms-record-repository.ts';
import { receiveCallbackUseCase } from '../src/domain/receive-callback.ts';
import type { Callback } from '../src/sms/sms-provider.ts';
import { CallbackServer } from './callback-server.ts';
import { Carrier } from './carrier.ts';
import { Notifying } from './notifying.ts';
import { SigningCarrier, TalkativeCarrier } from './signing-carrier.ts';
import { eventOfTicket } from './ticket-created.ts';

const silent = createLogger('spec', 'silent');
const phone = '+51987776576';

let notifications: Notifying;
let server: CallbackServer;
let carrier: SigningCarrier;

beforeAll(async () => {
  notifications = await Notifying.open('callbacks-http');
});
beforeEach(async () => {
  carrier = new SigningCarrier();
  const providers = [carrier, new TalkativeCarrier(), Object.assign(new Carrier(), { name: 'mute' })];
  server = await CallbackServer.open({ providers, receiveCallback: notifications.receiveCallback });
});
afterEach(() => server.close());
afterAll(() => notifications.dispose());

/** As the carrier posts it, who knows the server by `base`. */
function post(body: unknown, { path = '/callbacks/carrier', base = server.url, headers = {} } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return server.call(path, { method: 'POST', body: text, headers: { ...carrier.sign(base + path, text), ...headers } });
}

async function sentKey(): Promise<string> {
  const event = eventOfTicket();
  await notifications.through(carrier)(event);
  return event.id;
}

const stateOf = async (key: string) => (await notifications.records.find(key))?.state;
const delivered = (key: string): Callback[] => [{ kind: 'delivery', key, state: 'DELIVERED' }];

describe('a callback', () => {
  test('when it is signed and tells of several things, then all of them are taken in', async () => {
    const [first, second] = [await sentKey(), await sentKey()];
    const stop: Callback = { kind: 'consent', phone, allowed: false };

    const answer = await post([...delivered(first), ...delivered(second), stop]);

    expect(answer.status).toBe(204);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['DELIVERED', 'DELIVERED']);
    expect(await notifications.consents.find(phone)).toMatchObject({ allowed: false });
  });

  test('when it comes by GET, then it is read from its URL', async () => {
    const key = await sentKey();
    const path = `/callbacks/carrier?delivered=${key}`;

    const answer = await server.call(path, { headers: carrier.sign(server.url + path) });

    expect(answer.status).toBe(204);
    expect(await stateOf(key)).toBe('DELIVERED');
  });

  test('when the provider wants to read something, then it does', async () => {
    const answer = await post([], { path: '/callbacks/talkative' });

    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/xml; charset=utf-8',
      '<Response/>',
    ]);
  });

  test('when a proxy stands before the server, then the signature is over the public URL, the query included', async () => {
    const key = await sentKey();
    const publicUrl = 'https://sms.example.com/turno/';
    const { receiveCallback } = notifications;
    await server.close();
    server = await CallbackServer.open({ providers: [carrier], receiveCallback, publicUrl });

    const options = { path: '/callbacks/carrier?a=%20b', base: 'https://sms.example.com/turno' };

    expect((await post(delivered(key), options)).status).toBe(204);
    expect((await post(delivered(key))).status).toBe(403);
  });
});

describe('a callback that is refused', () => {
  test('when it is not signed as the carrier signs, then it changes nothing, and the log says so without what was in it', async () => {
    const key = await sentKey();
    const path = `/callbacks/carrier?phone=${encodeURIComponent(phone)}`;

    const answer = await post(delivered(key), { path, base: 'http://elsewhere' });

    expect([answer.status, await answer.json()]).toEqual([403, { message: 'The signature does not fit.' }]);
    expect(await stateOf(key)).toBe('SENT');
    expect(server.log.join()).toContain('/callbacks/carrier');
    expect(server.log.join()).not.toMatch(/98777|elsewhere|DELIVERED/);
  });

  test('when it is signed and cannot be read, then it is malformed', async () => {
    const answer = await post(`{"phone": ${phone}`);

    expect([answer.status, await answer.json()]).toEqual([400, { message: 'The callback cannot be read.' }]);
    expect(server.log.join()).not.toContain('98777');
  });

  test.each([
    ['of nobody', '/callbacks/nobody', 'POST', 404],
    ['of a provider that does not call back', '/callbacks/mute', 'POST', 404],
    ['by another method', '/callbacks/carrier', 'DELETE', 405],
    ['of a name that cannot be decoded', '/callbacks/%E0%A4%A', 'POST', 400],
    ['of an object by its name', '/callbacks/__proto__', 'POST', 404],
  ])('when it is one %s, then the answer is JSON that says so', async (_what, path, method, status) => {
    const answer = await server.call(path, { method });

    expect([answer.status, await answer.json()]).toEqual([status, { message: expect.any(String) }]);
  });

  test.each([
    ['too large', 'x'.repeat(65 * 1_024), {}, 413],
    ['compressed', 'x', { 'content-encoding': 'gzip' }, 415],
  ])('when its body is %s, then it is not read', async (_what, body, headers, status) => {
    expect((await post(body, { headers })).status).toBe(status);
  });
});

test('when a real provider sends the SMS, then there is no inbox on this server', async () => {
  const answers = await Promise.all(['/inbox', '/inbox/messages'].map((path) => server.call(path)));

  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});

test('when the database is away, then the provider is asked to repeat it, and the repeat is taken in', async () => {
  const key = await sentKey();
  const link = await TcpLink.to(notifications.servers.mongoUrl);
  const mongo = await connectMongo(link.urlFor(notifications.servers.mongoUrl), silent);
  const receiveCallback = receiveCallbackUseCase({
    records: new SmsRecordRepository(smsRecordModel(mongo)),
    consents: new PromotionConsentRepository(promotionConsentModel(mongo)),
    clock: () => notifications.now,
    logger: silent,
  });
  await server.close();
  server = await CallbackServer.open({ providers: [carrier], receiveCallback });
  await link.cut();

  const away = await post(delivered(key));
  await link.mend();
  const back = await post(delivered(key));

  expect([away.status, away.headers.get('retry-after'), back.status]).toEqual([503, '5', 204]);
  expect(await stateOf(key)).toBe('DELIVERED');
  await mongo.close();
  await link.close();
});
