import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import {
  closeServer,
  createLogger,
  httpLimits,
  limitConnections,
  listen,
  Metrics,
  noTracing,
  type HttpLimits,
  type RefusedConnections,
} from '@turno/shared';
import { eventually } from '@turno/testing';
import { allAreAnonymous } from '../src/auth/authentication.ts';
import { createApp } from '../src/http/app.ts';
import { LoadShedding } from '../src/http/load-shedding.ts';
import { rateLimits } from '../src/http/rate-limit.ts';
import { createHttpServer } from '../src/http/server.ts';
import type { TicketingClient } from '../src/ticketing-client.ts';

const head = 'GET /docs/errors/ht00 HTTP/1.1\r\nHost: turno\r\n';

let server: Server;
let port: number;
let refused: Readonly<RefusedConnections>;
let opened: Socket[] = [];

/** The API within limits of its own; what is asked for needs no ticketing. */
async function start(changes: Partial<HttpLimits> = {}): Promise<void> {
  const logger = createLogger('spec', 'silent');
  const limits = { ...httpLimits, lookEveryMs: 20, ...changes };
  const app = createApp({
    ticketing: {} as TicketingClient,
    authentication: allAreAnonymous,
    shedding: new LoadShedding({ maxInFlight: 500, logger }),
    errorPagesUrl: undefined,
    rates: rateLimits({ perMinute: { address: 0, key: 0, customer: 0 } }),
    trustedProxies: 0,
    telemetry: { tracing: noTracing, metrics: new Metrics('gateway') },
    logger,
  });
  server = createHttpServer({ app, errorPagesUrl: undefined, limits, logger });
  refused = limitConnections(server, limits);
  port = await listen(server, 0, '127.0.0.1');
}

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await closeServer(server);
});

function open(bytes = ''): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(bytes);
  opened.push(socket);
  return socket;
}

/** Resolves once it is closed, in order or not. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.resume().once('close', () => resolve()));
}

/** The status and the code of an answer in the shape of the API. */
function refusalOf(answer: string): [number, string] {
  expect(answer).toMatch(/x-request-id: [0-9a-z]{16}/i);
  const [top, body] = answer.split('\r\n\r\n');
  const { code } = JSON.parse(body!) as { code: string };
  return [Number(top!.split(' ')[1]), code];
}

const headers = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: x\r\n`).join('');

test.each([
  ['the headers are larger than 16 KiB', `${head}X-Padding: ${'x'.repeat(17_000)}\r\n\r\n`, 431, 'ht31'],
  ['there are more than 100 headers', `${head}Connection: close\r\n${headers(100)}\r\n`, 431, 'ht31'],
  ['there are thousands of headers', `${head}Connection: close\r\n${headers(1_500)}\r\n`, 431, 'ht31'],
  [
    'the URL is longer than 4,096 characters',
    `GET /customer/v1/branches?x=${'x'.repeat(4_096)} HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n\r\n`,
    414,
    'ht14',
  ],
])('when %s, then the answer is in the shape of the API', async (_when, bytes, status, code) => {
  await start();

  expect(refusalOf(await text(open(bytes)))).toEqual([status, code]);
});

test('when a request has 98 headers and a URL of 4,000 characters, then it is served', async () => {
  await start();
  const bytes = `GET /docs/errors/ht00?x=${'x'.repeat(3_950)} HTTP/1.1\r\nHost: turno\r\nConnection: close\r\n`;

  expect(await text(open(`${bytes}${headers(96)}\r\n`))).toMatch(/^HTTP\/1.1 200 /);
});

test('when a head comes a byte at a time, then it is over in time, and others are served meanwhile', async () => {
  await start({ headersTimeoutMs: 150, requestTimeoutMs: 300 });
  const slow = open(head);
  const trickle = setInterval(() => slow.write('X-Slow: 1\r\n'), 20);

  const answer = text(slow);
  const beside = await text(open(`${head}Connection: close\r\n\r\n`));

  expect(beside).toMatch(/^HTTP\/1.1 200 /);
  expect(refusalOf(await answer)).toEqual([408, 'ht08']);
  clearInterval(trickle);
});

test('when a body comes a byte at a time, then it is over in time', async () => {
  await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
  const json = 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
  const slow = open(`POST /customer/v1/tickets HTTP/1.1\r\nHost: turno\r\n${json}`);
  const trickle = setInterval(() => slow.write(' '), 20);

  expect(refusalOf(await text(slow))).toEqual([408, 'ht08']);
  clearInterval(trickle);
});

test('when a connection says nothing, then it is closed in time', async () => {
  await start({ headersTimeoutMs: 100, requestTimeoutMs: 200, keepAliveMs: 100 });

  await expect(closed(open())).resolves.toBeUndefined();
});

test('when there are as many connections as may be, then the next is closed, and counted', async () => {
  await start({ maxConnections: 2 });
  await Promise.all([once(open(), 'connect'), once(open(), 'connect')]);

  await closed(open());

  expect(refused).toEqual({ total: 1, address: 0 });
});

test('when an address has as many as it may, then its next is closed; and one that ends makes room', async () => {
  await start({ maxConnectionsPerAddress: 2 });
  const first = open();
  await Promise.all([once(first, 'connect'), once(open(), 'connect')]);

  await closed(open(head));
  expect(refused.address).toBe(1);

  first.destroy();
  await eventually(async () => {
    const answer = await text(open(`${head}Connection: close\r\n\r\n`)).catch(() => 'reset');
    return answer.startsWith('HTTP/1.1 200 ');
  });
});

test('when a connection has had its requests, then the last answer says that it closes, and none is a 503', async () => {
  await start({ maxRequestsPerConnection: 2 });

  const answers = await text(open(`${head}\r\n`.repeat(4)));

  expect(answers.match(/^HTTP\/1.1 .*$/gm)).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  expect(answers.match(/^connection: .*$/gim)?.at(-1)).toMatch(/close/);
});
