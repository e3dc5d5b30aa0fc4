import type { Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { closeServer, createLogger, listen, Metrics, noTracing } from '@turno/shared';
import { conformingFetch } from '@turno/testing';
import { allAreAnonymous } from '../auth/authentication.ts';
import type { TicketingClient } from '../ticketing-client.ts';
import { createApp } from './app.ts';
import { LoadShedding } from './load-shedding.ts';
import { openApiDocument } from './openapi.ts';
import { rateLimits } from './rate-limit.ts';
import { createHttpServer } from './server.ts';

let server: Server;

/** Starts the API with a limit; its answers need no ticketing, because every request is a broken one. */
async function start(rateLimitPerMinute: number, trustedProxies = 0): Promise<(from?: string) => Promise<Response>> {
  const logger = createLogger('spec', 'silent');
  const ticketing = { retryAfterSeconds: 1 } as TicketingClient;
  const shedding = new LoadShedding({ maxInFlight: 500, logger });
  const telemetry = { tracing: noTracing, metrics: new Metrics('gateway') };
  const app = createApp({
    ticketing,
    shedding,
    authentication: allAreAnonymous,
    errorPagesUrl: undefined,
    rates: rateLimits({ perMinute: { address: rateLimitPerMinute, key: 0, customer: 0 } }),
    trustedProxies,
    telemetry,
    logger,
  });
  server = createHttpServer({ app, errorPagesUrl: undefined, logger });
  const port = await listen(server, 0, '127.0.0.1');
  const send = conformingFetch(openApiDocument(), `http://127.0.0.1:${port}`);
  return (from) => send('/customer/v1/tickets', { headers: from === undefined ? {} : { 'x-forwarded-for': from } });
}

async function statuses(send: (from?: string) => Promise<Response>, senders: (string | undefined)[]) {
  const found: number[] = [];
  for (const from of senders) found.push((await send(from)).status);
  return found;
}

afterEach(() => closeServer(server));

test('when an address has sent more than it may, then it is told 429, how much it had, and when to come again', async () => {
  const send = await start(2);

  const first = await send();
  await send();
  const third = await send();

  expect(first.status).toBe(400);
  expect(first.headers.get('ratelimit')).toMatch(/r=1/);
  expect(third.status).toBe(429);
  expect(await third.json()).toMatchObject({ message: 'Too many requests.', code: 'ht29' });
  expect(third.headers.get('ratelimit-policy')).toMatch(/q=2; w=60/);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('when callers only say that they are somebody else, then they are one address', async () => {
  const send = await start(1);

  expect(await statuses(send, ['192.0.2.1', '192.0.2.2'])).toEqual([400, 429]);
});

test('when a proxy is trusted, then the callers behind it are told apart, and those of one IPv6 network are not', async () => {
  const send = await start(1, 1);

  const callers = ['192.0.2.1', '192.0.2.2', '192.0.2.1', '2001:db8::1', '2001:db8::2'];
  expect(await statuses(send, callers)).toEqual([400, 400, 429, 400, 429]);
});

test('when there is no limit, then no answer speaks of one', async () => {
  const send = await start(0);

  expect((await send()).headers.get('ratelimit')).toBeNull();
});
