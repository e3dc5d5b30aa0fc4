import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, fetchOnce } from '@turno/testing';
import { EventStream } from './event-stream.ts';
import { Instance } from './inbox-instance.ts';
import { Notifying } from './notifying.ts';
import { eventOfTicket } from './ticket-created.ts';

let notifying: Notifying;
let one: Instance;
let other: Instance;

beforeAll(async () => {
  notifying = await Notifying.open('inbox-routes');
  [one, other] = await Promise.all([Instance.open(notifying), Instance.open(notifying)]);
}, 60_000);
afterAll(async () => {
  await Promise.all([one.close(), other.close()]);
  await notifying.dispose();
});

/** Sends an SMS into the inbox as a ticket does; resolves to its key. */
async function send(to: string): Promise<string> {
  const event = eventOfTicket({ phone: to });
  notifying.pass(1);
  await notifying.through(notifying.inboxProvider())(event);
  return event.id;
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetchOnce(`${one.url}${path}`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const deliveryOf = (key: string) => `/messages/${key}/delivery`;

test('when messages are asked for, then each is there with its record, newest first', async () => {
  const [older, newer] = [await send('+51900000001'), await send('+51900000001')];

  const answer = await fetchOnce(`${one.url}/messages`);

  const messages = (await answer.json()) as { key: string }[];
  expect(messages.map(({ key }) => key).slice(0, 2)).toEqual([newer, older]);
  expect(messages[0]).toEqual({
    key: newer,
    to: '+51900000001',
    text: expect.stringContaining('T2'),
    segments: 1,
    encoding: 'GSM-7',
    purpose: 'turn',
    ticket_id: newer.replace('.created', ''),
    sent_at: notifying.now.toISOString(),
    state: 'SENT',
    state_since: notifying.now.toISOString(),
  });
});

test('when a message is sent anew, then each has the state of its own attempt', async () => {
  const key = await send('+51900000009');
  await post(deliveryOf(key), { state: 'FAILED' });
  await notifying.resend(key);
  await notifying.sweeper(notifying.inboxProvider())(10);

  const answer = await fetchOnce(`${one.url}/messages`);

  const messages = (await answer.json()) as { key: string; state: string }[];
  const states = new Map(messages.map((message) => [message.key, message.state]));
  expect([states.get(key), states.get(`${key}.2`)]).toEqual(['FAILED', 'SENT']);
});

test('when two pages listen at two instances, then both get what comes, and what moves', async () => {
  const [here, there] = [await EventStream.open(`${one.url}/events`), await EventStream.open(`${other.url}/events`)];
  await Promise.all([here.next('update'), there.next('update')]);

  const key = await send('+51900000002');
  for (const stream of [here, there]) await stream.until(({ messages }) => messages.some((sms) => sms.key === key));
  await post(deliveryOf(key), { state: 'DELIVERED' });

  for (const stream of [here, there])
    await stream.until(({ messages }) => messages.some((sms) => sms.key === key && sms.state === 'DELIVERED'));
  expect(here.first('settings')).toMatchObject({ price: { amount: 0.035, currency: 'USD' } });
  here.close();
  there.close();
});

test('when a page comes back with its last event, then it gets what it missed, not everything', async () => {
  const longAgo = await send('+51900000003');
  notifying.pass(10);
  await send('+51900000003');
  const first = await EventStream.open(`${one.url}/events`);
  const { id } = await first.next('update');
  first.close();
  const missed = await send('+51900000003');
  await notifying.consents.keep({ phone: '+51900000003', allowed: false, since: notifying.now });

  const again = await EventStream.open(`${other.url}/events`, { 'last-event-id': id! });

  const { data } = await again.next('update');
  const keys = data.messages.map(({ key }) => key);
  expect(keys).toContain(missed);
  expect(keys).not.toContain(longAgo);
  expect(data.consents).toMatchObject([{ phone: '+51900000003', promotions: false }]);
  again.close();
});

test('when an id is none of ours, then the page gets everything', async () => {
  const key = await send('+51900000004');

  const stream = await EventStream.open(`${one.url}/events`, { 'last-event-id': '7; drop' });

  expect((await stream.next('update')).data.messages[0]).toMatchObject({ key });
  stream.close();
});

test('when nobody listens any more, then the database is not asked either', async () => {
  const stream = await EventStream.open(`${one.url}/events`);
  await stream.next('update');

  stream.close();

  await eventually(() => !one.feed.isLooking);
  expect(one.feed.listeners).toBe(0);
});

test('when an instance stops while a page listens, then it does not wait for the page', async () => {
  const stopping = await Instance.open(notifying);
  const stream = await EventStream.open(`${stopping.url}/events`);
  await stream.next('update');

  await stopping.close();

  await eventually(() => stream.hasEnded);
  expect(stopping.feed.isLooking).toBe(false);
});

test('when an instance loses its database, then its pages are told', async () => {
  const losing = await Notifying.open('inbox-away');
  const instance = await Instance.open(losing);
  const stream = await EventStream.open(`${instance.url}/events`);
  await stream.next('update');

  await losing.dispose();

  expect((await stream.next('away')).event).toBe('away');
  await instance.close();
});

test('when a message has failed, then its reason is there, and a late delivery does not undo it', async () => {
  const key = await send('+51900000005');

  const failed = await post(deliveryOf(key), { state: 'FAILED' });
  const late = await post(deliveryOf(key), { state: 'DELIVERED' });

  expect(await failed.json()).toMatchObject({ key, state: 'FAILED', reason: 'simulated in the inbox' });
  expect(await late.json()).toMatchObject({ key, state: 'FAILED' });
});

test('when a phone answers STOP, then it wants no promotions until it answers START', async () => {
  const stopped = await post('/phones/+51900000006/replies', { text: 'stop' });
  expect(await stopped.json()).toMatchObject({ phone: '+51900000006', promotions: false });
  expect(await notifying.consents.find('+51900000006')).toMatchObject({ allowed: false });

  notifying.pass(1);
  const started = await post('/phones/%2B51900000006/replies', { text: 'START' });

  expect(await started.json()).toMatchObject({ phone: '+51900000006', promotions: true });
});

test.each<[string, number, Record<string, string>]>([
  ["another site's page", 403, { origin: 'http://evil.example' }],
  ['a page without an origin', 403, { origin: 'null' }],
  ['a page of another port', 403, { 'sec-fetch-site': 'same-site' }],
  ['a form', 415, { 'content-type': 'text/plain' }],
])('when %s answers STOP for a phone, then it is refused with %i', async (_who, status, headers) => {
  const answer = await post('/phones/+51900000007/replies', { text: 'STOP' }, headers);

  expect(answer.status).toBe(status);
  expect(await notifying.consents.find('+51900000007')).toBeUndefined();
});

test('when the page itself posts, then its origin is its own', async () => {
  const headers = { origin: new URL(one.url).origin, 'sec-fetch-site': 'same-origin' };

  expect((await post('/phones/+51900000008/replies', { text: 'STOP' }, headers)).status).toBe(200);
});

test.each<[string, string, unknown, number]>([
  ['a state that no provider reports', deliveryOf('none'), { state: 'QUEUED' }, 400],
  ['a message that is not there', deliveryOf('none'), { state: 'DELIVERED' }, 404],
  ['a phone that is none', '/phones/7/replies', { text: 'STOP' }, 400],
  ['an answer that is neither', '/phones/+51900000009/replies', { text: 'HELP' }, 400],
  ['a body that is no JSON', '/phones/+51900000009/replies', '{', 400],
  ['a body that is too large', '/phones/+51900000009/replies', { text: 'x'.repeat(2_000) }, 413],
])('when %s is posted, then it is refused, and it says why', async (_what, path, body, status) => {
  const answer = await post(path, body);

  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ message: expect.any(String) });
});

test('when a hundred pages are open, then the next is told to come later', async () => {
  await eventually(() => other.feed.listeners === 0);
  const streams = await Promise.all(Array.from({ length: 100 }, () => EventStream.open(`${other.url}/events`)));

  const answer = await fetchOnce(`${other.url}/events`);

  expect(answer.status).toBe(503);
  for (const stream of streams) stream.close();
});

test.each<[string, number, Record<string, string>]>([
  ["a name of another site's that leads here (DNS rebinding)", 403, { host: 'rebound.example.com' }],
  ["another site's page, as a picture", 403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['the page of another port', 403, { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9100' }],
  ['the name of a container', 200, { host: 'notifications:3002' }],
])('when messages are read by %s, then it is %i', async (_what, status, headers) => {
  const { hostname, port } = new URL(one.url);
  const asked = httpRequest({ host: hostname, port, path: '/inbox/messages', agent: false, headers }).end();
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
  answer.resume();

  expect(answer.statusCode).toBe(status);
});

test('when the page is fetched, then its policy allows no script but its own', async () => {
  const page = await fetchOnce(one.url);

  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; .*script-src 'self'; style-src 'self'/,
  );
  expect(await page.text()).not.toMatch(/<style|<script(?![^>]* src=)|style="| on\w+="/);
  expect((await fetchOnce(`${one.url}/inbox.js`)).headers.get('content-type')).toMatch(/javascript/);
});

test.each(['/../package.json', '/..%2fpackage.json', '/.git'])(
  'when %s is asked for, then it is not found',
  async (path) => {
    const url = new URL(one.url);
    const asked = httpRequest({ host: url.hostname, port: url.port, path: `/inbox${path}`, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();

    expect([403, 404]).toContain(answer.statusCode);
  },
);
