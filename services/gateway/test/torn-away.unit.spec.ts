import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '@turno/shared';
import express, { type ErrorRequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createHttpServer } from '../src/http/server.ts';
import { dropTornAway } from '../src/http/torn-away.ts';

let server: Server;

beforeEach(async () => {
  server = createHttpServer({
    app: (_request, response) => response.end('well'),
    errorPagesUrl: undefined,
    logger: createLogger('gateway', 'fatal'),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Sends the bytes and tears the connection down (RST), which the other side reads as an error. */
async function sendAndTearAway(bytes: string): Promise<void> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.resetAndDestroy();
  await once(socket, 'close');
}

test.each([
  ['asked for a tunnel', 'CONNECT turno:443 HTTP/1.1\r\nHost: turno:443\r\n\r\n'],
  ['sent what is no HTTP', 'hello\r\n\r\n'],
  ['sent half a head', 'POST / HTTP/1.1\r\nHost: turno\r\nContent-Le'],
])('when a caller who %s tears the connection away, then the gateway goes on serving', async (_what, bytes) => {
  for (let i = 0; i < 10; i++) await sendAndTearAway(bytes);

  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await answer.text()).toBe('well');
});

test('when a connection is gone before its request is looked at, then the request is dropped and is no defect', async () => {
  const defects: unknown[] = [];
  const note: ErrorRequestHandler = (error, _request, _response, next) => {
    defects.push(error);
    next(error);
  };
  const app = express();
  app.use((request, _response, next) => {
    request.socket.destroy();
    next();
  });
  app.use(dropTornAway, rateLimit({ limit: 10, standardHeaders: 'draft-8' }), note);
  const tearing = app.listen(0, '127.0.0.1');
  await once(tearing, 'listening');

  await expect(fetch(`http://127.0.0.1:${(tearing.address() as AddressInfo).port}`)).rejects.toThrow('fetch failed');

  expect(defects).toEqual([]);
  await new Promise((resolve) => tearing.close(resolve));
});
