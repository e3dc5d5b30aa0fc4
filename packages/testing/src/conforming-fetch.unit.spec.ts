import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { smallDocument, ticket } from '../test/small-document.ts';
import { conformingFetch } from './conforming-fetch.ts';

let server: Server;
let get: typeof fetch;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method === 'DELETE') return response.writeHead(204).end();
    if (request.url === '/tickets/gone') return response.writeHead(302, { location: '/tickets/ab12' }).end();
    const leak = request.url?.includes('leak') ? { _id: 'internal' } : {};
    response.setHeader('content-type', 'application/json');
    return response.end(request.method === 'HEAD' ? undefined : JSON.stringify({ ...ticket, ...leak }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  get = conformingFetch(smallDocument, base);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('when the answer is a documented one, then one gets it unread', async () => {
  const answer = await get('/tickets/ab12');

  expect(answer.bodyUsed).toBe(false);
  expect(answer.headers.get('content-type')).toBe('application/json');
  await expect(answer.json()).resolves.toEqual(ticket);
});

test.each([
  ['a whole address', () => get(new URL('/tickets/ab12', base))],
  ['a request', () => get(new Request(new URL('/tickets/ab12', base)))],
  ['a HEAD', () => get('/tickets/ab12', { method: 'HEAD' })],
])('when it is asked for %s, then that works as well', async (_what, ask) => {
  await expect(ask()).resolves.toMatchObject({ status: 200 });
});

test('when the answer has no body, then one gets it without', async () => {
  const answer = await get('/tickets/ab12', { method: 'DELETE' });

  expect(answer.status).toBe(204);
  await expect(answer.text()).resolves.toBe('');
});

test('when the answer is none that is documented, then one gets an error instead', async () => {
  await expect(get('/tickets/ab12?leak')).rejects.toThrow('/_id is not documented');
});

test('when the answer is a redirect, then it is held against the document and not followed', async () => {
  await expect(get('/tickets/gone')).rejects.toThrow('the answer 302 to GET /tickets/gone');
});
