import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { BrokerConnection, createLogger, readConfig } from '@turno/shared';
import { eventually } from '@turno/testing';
import { gatewayConfig, startGateway } from '../src/index.ts';
import { listenToRequests } from './requests.ts';

const logger = createLogger('spec', 'silent');
const most = 5;

let isolated: Isolated;
let connection: BrokerConnection;
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeEach(async () => {
  isolated = await isolateForTest('load-shedding');
  connection = await BrokerConnection.open({ url: isolated.amqpUrl, name: 'spec', logger });
  // Ticketing hangs: requests get to its queue, and no answer comes.
  await listenToRequests(connection);
  const env = {
    AMQP_URL: isolated.amqpUrl,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    GATEWAY_OPS_PORT: '0',
    GATEWAY_MAX_IN_FLIGHT: String(most),
    RPC_TIMEOUT_MS: '4000',
  };
  gateway = await startGateway(readConfig(gatewayConfig, env), logger);
  await eventually(async () => (await readiness()).checks['broker'] === 'ok');
});
afterEach(async () => {
  await gateway.stop();
  await connection.close();
  await isolated.dispose();
});

const ops = (path: string) => fetch(`http://127.0.0.1:${gateway.opsPort}${path}`);
const api = (path: string, signal?: AbortSignal) =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, signal ? { signal } : {});

async function readiness(): Promise<{ checks: Record<string, string> }> {
  return (await (await ops('/readyz')).json()) as { checks: Record<string, string> };
}

async function metric(name: string): Promise<number> {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await ops('/metrics')).text()) ?? [];
  return Number(value);
}

const inFlight = (count: number) => eventually(async () => (await metric('turno_http_requests_in_flight')) === count);

/** Asks for a ticket and sends no more than the headers. */
async function sendHeadersOnly(): Promise<{ status: number; headers: IncomingMessage['headers']; body: unknown }> {
  const headers = { 'content-type': 'application/json', 'content-length': '100' };
  const sent = request({ port: gateway.port, method: 'POST', path: '/customer/v1/tickets', headers, agent: false });
  sent.flushHeaders();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await json(answer);
  sent.destroy();
  return { status: answer.statusCode!, headers: answer.headers, body };
}

describe('when as many requests are in flight as are allowed', () => {
  let leave: AbortController;
  let held: Promise<number[]>;

  beforeEach(async () => {
    leave = new AbortController();
    held = Promise.all(
      Array.from({ length: most }, () =>
        api('/customer/v1/branches', leave.signal).then(
          ({ status }) => status,
          () => 0,
        ),
      ),
    );
    await inFlight(most);
  });

  test('when one more comes, then it gets its 503 at once, before its body is read, and it is counted', async () => {
    const { status, headers, body } = await sendHeadersOnly();

    expect(await metric('turno_http_requests_in_flight')).toBe(most);
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '1', 'x-request-id': expect.stringMatching(/^\w+$/) });
    expect(body).toMatchObject({ message: 'An error has ocurred.', code: 'ab93' });
    expect(await metric('turno_http_requests_shed_total')).toBe(1);
    expect(await held).toEqual(Array.from({ length: most }, () => 503));
  });

  test('when somebody asks for its health or a page, then the answer comes as ever', async () => {
    expect((await ops('/livez')).status).toBe(200);
    expect((await api('/docs/errors/ab93')).status).toBe(200);
    expect(await metric('turno_rpc_calls_pending')).toBeGreaterThanOrEqual(most);
    expect(await metric('turno_breaker_state')).toBe(0);
    leave.abort();
    await held;
  });

  test('when callers leave, then their places are free', async () => {
    leave.abort();
    await held;
    await inFlight(0);

    const next = api('/customer/v1/branches');
    await inFlight(1);

    expect((await next).status).toBe(503);
    expect(await metric('turno_http_requests_shed_total')).toBe(0);
  });
});
