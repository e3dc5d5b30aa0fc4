import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import { OpsServer, type ReadinessCheck } from './ops-server.ts';

const logger = createLogger('spec', 'silent');

let ops: OpsServer;

afterEach(() => ops.close());

async function listenWith(checks: Record<string, ReadinessCheck> = {}): Promise<void> {
  ops = await OpsServer.listen({ host: '127.0.0.1', port: 0, checks, logger });
}

const get = (path: string) => fetch(`http://127.0.0.1:${ops.port}${path}`);

async function readiness(): Promise<[number, unknown]> {
  const answer = await get('/readyz');
  return [answer.status, await answer.json()];
}

describe('/readyz', () => {
  test('when every check is well, then it is 200', async () => {
    await listenWith({ broker: () => true, database: async () => true as const });

    expect(await readiness()).toEqual([200, { status: 'ready', checks: { broker: 'ok', database: 'ok' } }]);
  });

  test('when one check is not, then it is 503 and each check says its own', async () => {
    await listenWith({ broker: () => 'no channel to the broker', database: async () => true as const });

    expect(await readiness()).toEqual([
      503,
      { status: 'not ready', checks: { broker: 'no channel to the broker', database: 'ok' } },
    ]);
  });

  test('when checks throw, then that counts as not ready and says why', async () => {
    await listenWith({
      broker: () => {
        throw new Error('the channel broke');
      },
      database: async () => {
        throw new Error('no answer');
      },
    });

    expect(await readiness()).toEqual([
      503,
      { status: 'not ready', checks: { broker: 'the channel broke', database: 'no answer' } },
    ]);
  });

  test('when a check gets well, then the next answer is 200', async () => {
    const verdicts = ['not yet', true] as const;
    let asked = 0;
    await listenWith({ broker: () => verdicts[asked++]! });

    const statuses = [(await readiness())[0], (await readiness())[0]];

    expect(statuses).toEqual([503, 200]);
  });

  test('when the service is stopping, then it is 503 whatever the checks say', async () => {
    await listenWith({ broker: () => true });

    ops.beginStopping();

    expect(await readiness()).toEqual([503, { status: 'stopping', checks: { broker: 'ok' } }]);
  });
});

describe('the other paths', () => {
  test('when the process answers at all, then /livez is 200, also while it is not ready', async () => {
    await listenWith({ broker: () => 'away' });

    expect((await get('/livez')).status).toBe(200);
  });

  test('when /metrics is read, then the registry and the process are in it', async () => {
    await listenWith();

    const text = await (await get('/metrics')).text();

    expect(text).toContain('process_cpu_seconds_total');
  });

  test('when a query is attached, then it does not matter', async () => {
    await listenWith();

    expect((await get('/readyz?verbose=1')).status).toBe(200);
  });

  test.each(['/', '/nothing', '/livez/more'])(
    'when the path is %s, then it is 404 and says what there is',
    async (path) => {
      await listenWith();

      const answer = await get(path);

      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('/livez, /readyz, /metrics or /log-level');
    },
  );

  test('when the service has more to offer, then that path and all below it are answered by it, and others are not', async () => {
    const more = { '/letters': (_request: unknown, response: ServerResponse) => void response.end('a letter') };
    ops = await OpsServer.listen({ host: '127.0.0.1', port: 0, checks: {}, more, logger });

    for (const path of ['/letters', '/letters?limit=1', '/letters/7/8']) {
      expect(await (await get(path)).text()).toBe('a letter');
    }
    expect(await (await get('/lettersome')).text()).toContain('/livez, /readyz, /metrics, /log-level or /letters');
  });

  test('when the port is taken, then listening fails', async () => {
    await listenWith();
    const checks = {};

    await expect(OpsServer.listen({ host: '127.0.0.1', port: ops.port, checks, logger })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
