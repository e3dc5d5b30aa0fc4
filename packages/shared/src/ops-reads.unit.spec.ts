import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import { OpsServer } from './ops-server.ts';
import { isLoopback } from './this-site.ts';

const token = 'a-token-of-more-than-24-characters';
const logger = createLogger('spec', 'fatal');
const open = ['/livez', '/readyz', '/metrics'];
const inner = ['/console', '/dead-letters', '/log-level', '/', '/nothing'];

let ops: OpsServer | undefined;

afterEach(async () => {
  await ops?.close();
  ops = undefined;
});

const page = (_request: unknown, response: ServerResponse) => void response.end('about the inside');

const elsewhere = (mode: string, dest: string) => ({
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': mode,
  'sec-fetch-dest': dest,
});

async function listenOn(host: string, withToken: string | undefined): Promise<void> {
  const more = { '/console': page, '/dead-letters': page };
  ops = await OpsServer.listen({ host, port: 0, checks: {}, more, token: withToken, logger });
}

/** By node:http, since `fetch` sends its own Host. */
async function get(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ port: ops!.port, host: '127.0.0.1', path, headers }, resolve).on('error', reject).end();
  const answer = await promise;
  answer.resume();
  return answer;
}

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return (await get(path, headers)).statusCode;
}

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` });

describe('on loopback', () => {
  test('when whoever is on the machine reads, then all of it answers without a token', async () => {
    await listenOn('127.0.0.1', undefined);

    for (const path of [...open, '/console', '/dead-letters', '/log-level']) expect(await statusOf(path)).toBe(200);
  });

  test('when a name of another site leads here (DNS rebinding), then nothing is told but health and metrics', async () => {
    await listenOn('127.0.0.1', token);
    const host = { host: `rebound.example.com:${ops!.port}` };

    for (const path of inner) expect(await statusOf(path, host)).toBe(403);
    for (const path of open) expect(await statusOf(path, host)).toBe(200);
    for (const name of ['localhost', '127.0.0.1:1', '[::1]:80', 'gateway', 'turno.localhost']) {
      expect(await statusOf('/console', { host: name })).toBe(200);
    }
  });

  test('when a page of another site draws it in, then it is refused; when a link there leads here, then it opens', async () => {
    await listenOn('127.0.0.1', token);
    expect(await statusOf('/dead-letters', elsewhere('no-cors', 'image'))).toBe(403);
    expect(await statusOf('/console', elsewhere('navigate', 'iframe'))).toBe(403);
    expect(await statusOf('/console', { origin: 'https://example.com' })).toBe(403);
    expect(await statusOf('/console', elsewhere('navigate', 'document'))).toBe(200);
  });
});

describe('on any other interface', () => {
  test('when there is no token, then health and metrics answer, and nothing else does', async () => {
    await listenOn('0.0.0.0', undefined);

    for (const path of open) expect(await statusOf(path)).toBe(200);
    for (const path of inner) expect(await statusOf(path)).toBe(403);
  });

  test('when there is a token, then health and metrics answer everybody, and the rest who brings it', async () => {
    await listenOn('0.0.0.0', token);

    for (const path of open) expect(await statusOf(path)).toBe(200);
    for (const path of inner) {
      expect(await statusOf(path)).toBe(401);
      expect(await statusOf(path, { authorization: 'Bearer another-of-more-than-24-characters' })).toBe(401);
      expect(await statusOf(path, basic('another'))).toBe(401);
    }
    for (const credentials of [{ authorization: `Bearer ${token}` }, basic(token)]) {
      expect(await statusOf('/console', credentials)).toBe(200);
      expect(await statusOf('/log-level', credentials)).toBe(200);
    }
  });

  test('when a browser comes, then it is asked for a password', async () => {
    await listenOn('0.0.0.0', token);

    expect((await get('/console')).headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  test('when a bearer token is the wrong one, then no browser is asked for a password', async () => {
    await listenOn('0.0.0.0', token);

    const answer = await get('/console', { authorization: 'Bearer another-of-more-than-24-characters' });

    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  test('when the password alone asks for a change, then it is refused: browsers send it along by themselves', async () => {
    await listenOn('0.0.0.0', token);
    const change = { method: 'PUT', body: '{"level":"debug"}' };
    const put = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${ops!.port}/log-level`, {
        ...change,
        headers: { 'content-type': 'application/json', ...headers },
      });

    expect((await put(basic(token))).status).toBe(401);
    expect((await put({ authorization: `Bearer ${token}` })).status).toBe(200);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['gateway', false],
])('when a server listens on %s, then that it is loopback is %s', (host, is) => expect(isLoopback(host)).toBe(is));
