import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger, logLevelOf, type Logger } from './logger.ts';
import { OpsServer } from './ops-server.ts';

const token = 'a-token-of-the-specs-24-letters';

let lines: string[];
let logger: Logger;
let ops: OpsServer;

beforeEach(async () => {
  lines = [];
  logger = createLogger('spec', 'warn', { write: (line) => void lines.push(line) });
  ops = await OpsServer.listen({ host: '127.0.0.1', port: 0, checks: {}, token, logger });
});
afterEach(() => ops.close());

const ask = (init: RequestInit = {}) => fetch(`http://127.0.0.1:${ops.port}/log-level`, init);
const put = (body: string, headers: Record<string, string> = {}) =>
  ask({
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  });

describe('/log-level', () => {
  test('when anybody asks, then it says the level, and the configured one', async () => {
    expect(await (await ask()).json()).toEqual({ level: 'warn', configured: 'warn', until: null });
  });

  test('when an operator puts another one for a while, then it counts, says until when, and the log says so', async () => {
    const answer = await put('{"level":"debug","for_seconds":600}');

    const told = (await answer.json()) as { until: string };
    expect([answer.status, told]).toEqual([200, { level: 'debug', configured: 'warn', until: expect.any(String) }]);
    expect(Date.parse(told.until) - Date.now()).toBeGreaterThan(590_000);
    expect(logLevelOf(logger).name).toBe('debug');
    expect(lines.join()).toContain('an operator changes the log level');
    await put('{"level":"warn"}');
  });

  test.each([
    ['the token is missing', '{"level":"debug"}', { authorization: '' }, 401],
    ['the token is another', '{"level":"debug"}', { authorization: `Bearer ${'x'.repeat(24)}` }, 401],
    ['a page of another site asks', '{"level":"debug"}', { 'sec-fetch-site': 'cross-site' }, 403],
    ['it is no JSON by its media type', '{"level":"debug"}', { 'content-type': 'text/plain' }, 415],
    ['there is no such level', '{"level":"loud"}', {}, 400],
    ['the time is none', '{"level":"debug","for_seconds":0}', {}, 400],
    ['it is no JSON', 'debug', {}, 400],
    ['it is far too long', JSON.stringify({ level: 'debug', more: 'x'.repeat(2_000) }), {}, 400],
  ])('when %s, then it is refused and the level stays', async (_why, body, headers: Record<string, string>, status) => {
    const answer = await put(body, headers);

    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain('"message"');
    expect(logLevelOf(logger).name).toBe('warn');
  });

  test('when the method is another, then it is 405 and says which will do', async () => {
    const answer = await ask({ method: 'POST' });

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
  });
});
