import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeServer, listen } from '@turno/shared';
import express from 'express';
import { requestId } from './request-id.ts';

let server: Server;
let address: string;

beforeAll(async () => {
  const app = express().use(requestId, (_request, response) => {
    response.json(response.locals['requestId']);
  });
  server = createServer(app);
  address = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
});

afterAll(() => closeServer(server));

/** The id as the response header says it and as the routes know it. */
async function idOf(sent?: string): Promise<{ header: string | null; local: unknown }> {
  const answer = await fetch(address, { headers: sent === undefined ? {} : { 'x-request-id': sent } });
  return { header: answer.headers.get('x-request-id'), local: await answer.json() };
}

describe('requestId', () => {
  test.each(['a', 'trace-1', '4bf92f35:00f0/67=+.', 'x'.repeat(128)])(
    'when the caller sends the sane id %s, then it is kept',
    async (id) => {
      expect(await idOf(id)).toEqual({ header: id, local: id });
    },
  );

  test.each(['', 'x'.repeat(129), 'two words', '<script>', '{"a":1}', 'ñ'])(
    'when the caller sends %j, then the id is ours',
    async (id) => {
      const { header, local } = await idOf(id);

      expect(header).toMatch(/^[0-9a-z]{16}$/);
      expect(local).toBe(header);
    },
  );

  test('when the caller sends none, then each request has its own', async () => {
    const [first, second] = await Promise.all([idOf(), idOf()]);

    expect(first.header).toMatch(/^[0-9a-z]{16}$/);
    expect(second.header).not.toBe(first.header);
  });
});
