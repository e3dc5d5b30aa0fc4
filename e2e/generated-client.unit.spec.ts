import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GeneratedClient } from './generated-client.ts';

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties) });
const json = (schema: object) => ({ description: '-', content: { 'application/json': { schema } } });

const ticket = { id: 'ab12', queue: 'T', number: 2, status: 'BLOCKED', branch: { name: 'Hiper Central' } };
const ticketSchema = object({
  id: text,
  queue: text,
  number: { type: 'integer' },
  status: text,
  branch: object({ name: text }),
});
const error = json(object({ message: text }));

/** As much of the API as the sample client uses. */
const api = (shownTicket: object) => ({
  openapi: '3.1.0',
  info: { title: 'Small', version: '1.0.0' },
  paths: {
    '/customer/v1/tickets': {
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', additionalProperties: text } } },
        },
        responses: { 201: json(shownTicket), 400: error },
      },
    },
    '/customer/v1/tickets/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
        responses: { 200: json(shownTicket), 404: error },
      },
    },
  },
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/openapi.json') return void response.end(JSON.stringify(description));
  const isRefused = (await request.toArray()).join('').includes('zzzz');
  response.statusCode = isRefused ? 400 : request.method === 'POST' ? 201 : 200;
  return void response.end(JSON.stringify(isRefused ? { message: 'Invalid branch ID.' } : ticket));
}

let server: Server;
let base: string;
let description: object;

beforeEach(async () => {
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('when the description fits the sample client, then the client compiles and works', async () => {
  description = api(ticketSchema);

  const client = await GeneratedClient.generate(base);
  const outcome = { errors: await client.typeErrors(), printed: await client.run() };
  await client.dispose();

  const printed = { turn: 'T2', branch: 'Hiper Central', status: 'BLOCKED', refusal: 'Invalid branch ID.' };
  expect(outcome).toEqual({ errors: '', printed });
});

test('when a property is called differently, then the client does not compile', async () => {
  description = api(object({ id: text, line: text }));

  const client = await GeneratedClient.generate(base);
  const errors = await client.typeErrors();
  await client.dispose();

  expect(errors).toContain("Property 'queue' does not exist");
});

test('when there is no OpenAPI at the address, then that is an error', async () => {
  description = { hello: 'there' };

  await expect(GeneratedClient.generate(base)).rejects.toThrow('Unsupported schema format');
});
