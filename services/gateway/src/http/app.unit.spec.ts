import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BrokerConnection,
  closeServer,
  createLogger,
  listen,
  Metrics,
  noTracing,
  RpcClient,
  ticketingRpc,
  ticketingRpcQueue,
} from '@turno/shared';
import { conformance } from '@turno/testing';
import { allAreAnonymous } from '../auth/authentication.ts';
import { TicketingClient } from '../ticketing-client.ts';
import { createApp } from './app.ts';
import { documentedErrors } from './documented-errors.ts';
import { LoadShedding } from './load-shedding.ts';
import { openApiDocument } from './openapi.ts';
import { rateLimits } from './rate-limit.ts';
import { createHttpServer } from './server.ts';

/** Nobody listens there: what can be answered without a broker is, and the rest is a 503. */
const brokerThatIsAway = 'amqp://127.0.0.1:1';
const sample = { branch_id: '27b6', sector_id: 's8', service_id: '7b6' };

let connection: BrokerConnection;
let ticketing: TicketingClient;
let server: Server;
let port: number;

beforeAll(async () => {
  const logger = createLogger('spec', 'silent');
  connection = await BrokerConnection.open({ url: brokerThatIsAway, name: 'gateway', logger });
  const rpc = new RpcClient({ connection, contract: ticketingRpc, queue: ticketingRpcQueue });
  ticketing = new TicketingClient({ rpc, timeoutMs: 1_000, logger });
  const shedding = new LoadShedding({ maxInFlight: 500, logger });
  const app = createApp({
    ticketing,
    shedding,
    authentication: allAreAnonymous,
    errorPagesUrl: undefined,
    rates: rateLimits({ perMinute: { address: 0, key: 0, customer: 0 } }),
    trustedProxies: 0,
    telemetry: { tracing: noTracing, metrics: new Metrics('gateway') },
    logger,
  });
  server = createHttpServer({ app, errorPagesUrl: undefined, logger });
  port = await listen(server, 0, '127.0.0.1');
});

afterAll(async () => {
  await closeServer(server);
  ticketing.close();
  await connection.close();
});

const api = conformance(openApiDocument());
const json = { 'content-type': 'application/json' };

/** Sends a request as it is: `fetch` would add headers of its own. */
async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string | Buffer) {
  const request = httpRequest({ port, method, path, headers, agent: false });
  if (body === undefined) request.useChunkedEncodingByDefault = false;
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const status = answer.statusCode!;
  const content = await text(answer);
  if (path.startsWith('/customer/')) {
    api.check({ method, path, status, headers: answer.headers as Record<string, string>, body: content });
  }
  return { status, headers: answer.headers, body: content };
}

/** Sends bytes that need not be HTTP, and gives back all that is answered until the connection is closed. */
async function sendRaw(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const create = (body: string | Buffer | undefined, headers: Record<string, string> = json) =>
  send('POST', '/customer/v1/tickets', headers, body);

describe('a request that is answered without ticketing', () => {
  test.each([
    ['JSON does not parse', '{"branch_id": ', json, 400, 'bd01'],
    ['the body is no object', '[]', json, 400, 'bd01'],
    ['the body is empty', '', json, 400, 'bd01'],
    ['there is no body at all', undefined, { ...json, connection: 'close' }, 400, 'bd01'],
    ['the body does not decompress', 'no gzip', { ...json, 'content-encoding': 'gzip' }, 400, 'bd01'],
    ['a field is broken', '{}', json, 400, 'fd01'],
    ['the key is malformed', JSON.stringify(sample), { ...json, 'idempotency-key': 'two words' }, 400, 'hd01'],
    ['the body is larger than 16 KiB', JSON.stringify({ ...sample, x: 'x'.repeat(16_384) }), json, 413, 'ht13'],
    ['the body is text', JSON.stringify(sample), { 'content-type': 'text/plain' }, 415, 'ht15'],
    ['the bytes are no UTF-8', Buffer.from('7b2278223a22c328227d', 'hex'), json, 400, 'bd01'],
    ['a field is broken and ticketing is away', JSON.stringify({ ...sample, phone: '1' }), json, 400, 'fd05'],
    ['the charset is UTF-16', '{}', { 'content-type': 'application/json; charset="UTF-16"' }, 415, 'ht15'],
    ['the charset is UTF-7', '{}', { 'content-type': 'application/json; charset=utf-7' }, 415, 'ht15'],
    ['the charset is not UTF-8', '{}', { 'content-type': 'application/json; charset=latin1' }, 415, 'ht15'],
  ])('when %s, then the answer is the documented one', async (_when, body, headers, status, code) => {
    const answer = await create(body, headers);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, more_info: expect.stringContaining(code) as unknown });
  });

  test.each([
    ['PUT', '/customer/v1/tickets', 405, 'ht05'],
    ['GET', '/customer/v2/tickets', 404, 'ht04'],
    ['GET', '/customer/v1/tickets/', 404, 'ht04'],
    ['GET', '/Customer/V1/tickets', 404, 'ht04'],
    ['GET', '/customer/v1/tickets/%zz', 404, 'nf01'],
    ['PUT', '/customer/v1/tickets/%E0%A4%A?a=%zz', 405, 'ht05'],
    ['GET', '/docs/errors/zzzz', 404, 'ht04'],
    ['GET', '/docs/errors/%E0%A4%A', 404, 'ht04'],
  ])('when it is %s %s, then the answer is %i', async (method, path, status, code) => {
    const answer = await send(method, path);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  test('when a method is not allowed, then Allow says which is', async () => {
    expect((await send('PUT', '/customer/v1/tickets')).headers.allow).toBe('POST, GET, HEAD');
  });
});

describe('what is no good HTTP', () => {
  const head = 'POST /customer/v1/tickets HTTP/1.1\r\nHost: turno\r\nContent-Type: application/json\r\n';

  test.each([
    ['it is no HTTP at all', 'hello\r\n\r\n'],
    ['the method does not exist', 'FETCH /customer/v1/tickets HTTP/1.1\r\nHost: turno\r\n\r\n'],
    ['two headers disagree on the length', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['the length is no number', `${head}Content-Length: two\r\n\r\n{}`],
    ['a chunk is malformed', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`],
    ['it is smuggled in two framings', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['there is no host', 'GET /customer/v1/tickets HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['it asks for a tunnel', 'CONNECT turno:443 HTTP/1.1\r\nHost: turno:443\r\n\r\n'],
    ['the host has a path', 'GET /customer/v1/tickets HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
    ['the host is none', 'GET /customer/v1/tickets HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ])(
    'when %s, then the answer is a 400 in the shape of the API, and the connection is closed',
    async (_when, bytes) => {
      const answer = await sendRaw(bytes);

      const [top = '', body = ''] = answer.split('\r\n\r\n');
      expect(top).toMatch(/^HTTP\/1\.1 400 /);
      expect(top).toMatch(/x-request-id: [0-9a-z]{16}/i);
      expect(JSON.parse(body)).toMatchObject({ message: 'Invalid HTTP request.', code: 'ht00' });
    },
  );

  test('when a request expects something strange, then it is answered all the same', async () => {
    const answer = await create('{}', { ...json, expect: 'a miracle' });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'fd01' });
  });

  test('when the body comes in chunks, one byte each, then it is read whole', async () => {
    const body = JSON.stringify({ ...sample, branch_id: 'no' });
    const chunks = [...Buffer.from(body)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`).join('');

    const answer = await sendRaw(`${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  });
});

describe('a request that needs ticketing while the broker is away', () => {
  test('when it is a good one, then it is a 503 that says when to come again', async () => {
    const answer = await create(JSON.stringify(sample));

    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '1', 'x-request-id': expect.any(String) as unknown });
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'An error has ocurred.', code: 'ab93' });
  });
});

describe('the error pages', () => {
  test.each(Object.values(documentedErrors))(
    'when more_info of $code is opened, then its page explains it',
    async ({ code, message }) => {
      const { status, headers, body } = await send('GET', `/docs/errors/${code}`);

      expect(status).toBe(200);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*style-src 'self'; img-src 'self'$/);
      expect(body).toContain(message);
    },
  );
});
