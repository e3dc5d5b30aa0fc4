import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger, newApiKey, type KnownApiKey } from '@turno/shared';
import { eventually, fetchOnce } from '@turno/testing';
import { ApiKeys } from '../src/auth/api-keys.ts';
import { openApp, type AuthenticatedApp } from './authenticated-app.ts';

const mobile = newApiKey();
const minute = 60_000;

let now: Date;
/** What ticketing answers; undefined while it is away. */
let stored: KnownApiKey[] | undefined;
let apiKeys: ApiKeys;
let app: AuthenticatedApp;

beforeEach(async () => {
  now = new Date('2026-11-24T17:00:00.000Z');
  stored = [{ id: mobile.id, hash: mobile.hash, channel: 'mobile' }];
  apiKeys = new ApiKeys({
    list: async () => stored ?? Promise.reject(new Error('ticketing is away')),
    clock: () => now,
    uptimeMs: () => now.getTime(),
    logger: createLogger('spec', 'silent'),
  });
  app = await openApp({ apiKeys });
});
afterEach(async () => {
  await app.close();
  await apiKeys.stop();
});

async function start(): Promise<void> {
  apiKeys.start();
  await eventually(() => apiKeys.areKnown);
}

const passes = (later: number): void => void (now = new Date(now.getTime() + later));

test('when a key holds, then its channel makes the request', async () => {
  await start();

  expect((await app.send(`Bearer ${mobile.text}`)).status).toBe(200);
  expect(app.principals).toEqual([{ kind: 'channel', key_id: mobile.id, channel: 'mobile' }]);
});

test.each([
  ['no header', undefined, 'Authentication required.', 'missing', 'Bearer realm="turno"'],
  ['another scheme', 'Basic dXNlcjpwYXNz', 'Authentication required.', 'missing', 'Bearer realm="turno"'],
  ['nothing behind Bearer', 'Bearer', 'Invalid credentials.', 'malformed', /error="invalid_token"/],
  ['what is no key', 'Bearer hello', 'Invalid credentials.', 'malformed', /error="invalid_token"/],
  ['the secret of nobody', `Bearer ${newApiKey().text}`, 'Invalid credentials.', 'api_key', /error="invalid_token"/],
  [
    "another key's secret",
    `Bearer turno_${mobile.id}_${newApiKey().text.slice(-43)}`,
    'Invalid credentials.',
    'api_key',
    /error="invalid_token"/,
  ],
])(
  'when a request has %s, then it is a 401 that says so, and counted',
  async (_what, sent, message, reason, challenge) => {
    await start();

    const answer = await app.send(sent);

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message });
    expect(answer.headers.get('www-authenticate')).toMatch(challenge);
    expect(await app.failures(reason)).toBe(1);
    expect(app.principals).toEqual([]);
  },
);

test('when requests are logged, then the id of their key is told, whether it holds or not, and its secret is not', async () => {
  await start();
  const wrong = `turno_${mobile.id}_${newApiKey().text.slice(-43)}`;
  const requestId = { headers: { 'x-request-id': 'with-the-key' } };

  await app.send(`Bearer ${mobile.text}`, '/customer/v1/branches', requestId);
  await app.send(`Bearer ${wrong}`);

  await eventually(() => app.lines.some((line) => line.includes('with-the-key') && line.includes(mobile.id)));
  expect(app.lines.find((line) => line.includes('was not authenticated'))).toContain(`"key_id":"${mobile.id}"`);
  for (const key of [mobile.text, wrong]) expect(app.lines.join('\n')).not.toContain(key.slice(-43));
});

test('when nobody is authenticated, then neither the body nor the path is looked at', async () => {
  await start();
  const json = { 'content-type': 'application/json' };

  const broken = await app.send(undefined, '/customer/v1/tickets', { method: 'POST', headers: json, body: '{' });
  const nowhere = await fetchOnce(`${app.url}/customer/v1/nowhere`);

  expect([broken.status, nowhere.status]).toEqual([401, 401]);
});

test('when the documentation or the page of an error is asked for, then nobody need say who they are', async () => {
  await start();

  const pages = await Promise.all(['/docs/', '/docs/errors/au01'].map((path) => fetchOnce(app.url + path)));

  expect(pages.map(({ status }) => status)).toEqual([200, 200]);
});

test('when a key expires that is known already, then it holds no more at that moment', async () => {
  stored = [{ id: mobile.id, hash: mobile.hash, channel: 'mobile', expires_at: '2026-11-24T17:01:00.000Z' }];
  await start();

  const before = await app.send(`Bearer ${mobile.text}`);
  passes(minute);
  const after = await app.send(`Bearer ${mobile.text}`);

  expect([before.status, after.status]).toEqual([200, 401]);
});

test('when ticketing is away from the start, then a good key is a 503, until it is back', async () => {
  const there = stored;
  stored = undefined;
  apiKeys.start();

  const away = await app.send(`Bearer ${mobile.text}`);
  stored = there;
  await eventually(() => apiKeys.areKnown);
  const back = await app.send(`Bearer ${mobile.text}`);

  expect([away.status, back.status]).toEqual([503, 200]);
  expect(away.headers.get('retry-after')).toBe('1');
});

test('when ticketing goes away, then keys hold for a quarter of an hour', async () => {
  await start();
  stored = undefined;

  passes(14 * minute);
  const kept = await app.send(`Bearer ${mobile.text}`);
  passes(minute);
  const forgotten = await app.send(`Bearer ${mobile.text}`);

  expect([kept.status, forgotten.status]).toEqual([200, 503]);
});
