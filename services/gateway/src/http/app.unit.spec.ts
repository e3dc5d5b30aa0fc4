import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BrokerConnection,
  closeServer,
  createLogger,
  listen,
  RpcClient,
  ticketingRpc,
  ticketingRpcQueue,
} from '@turno/shared';
import { TicketingClient } from '../ticketing-client.ts';
import { createApp } from './app.ts';
import { documentedErrors } from './documented-errors.ts';

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
  server = createServer(createApp({ ticketing, errorPagesUrl: undefined, logger }));
  port = await listen(server, 0, '127.0.0.1');
});

afterAll(async () => {
  await closeServer(server);
  ticketing.close();
  await connection.close();
});

const json = { 'content-type': 'application/json' };

/** Sends a request as it is: `fetch` would add headers of its own. */
async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string | Buffer) {
  const request = httpRequest({ port, method, path, headers, agent: false });
  if (body === undefined) request.useChunkedEncodingByDefault = false;
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
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
    ['the charset is not UTF-8', '{}', { 'content-type': 'application/json; charset=latin1' }, 415, 'ht15'],
  ])('when %s, then the answer is the documented one', async (_when, body, headers, status, code) => {
    const answer = await create(body, headers);

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, more_info: expect.stringContaining(code) as unknown });
  });

  test.each([
    ['PUT', '/customer/v1/tickets', 405, 'ht05'],
    ['GET', '/customer/v2/tickets', 404, 'ht04'],
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
      expect(body).toContain(message);
    },
  );
});
