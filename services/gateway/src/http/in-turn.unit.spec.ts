import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { closeServer, listen } from '@turno/shared';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { inTurn, under } from './in-turn.ts';

const told: ErrorRequestHandler = (error: Error, _request, response, _next) => void response.send(error.message);

let server: Server;

/** Serves the handlers, and behind them one that answers with who was there, or with the error. */
async function serve(...handlers: RequestHandler[]): Promise<(path?: string) => Promise<string>> {
  const app = express().use(inTurn(...handlers), (_request, response) => void response.send(response.locals));
  server = createServer(app.use(told));
  const port = await listen(server, 0, '127.0.0.1');
  return async (path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

afterEach(() => closeServer(server));

const note =
  (name: string): RequestHandler =>
  (_request, { locals }, next) => {
    locals[name] = Object.keys(locals).length;
    next();
  };
const lateNote: RequestHandler = (request, response, next) => {
  setImmediate(() => note('late')(request, response, next));
};
const fail: RequestHandler = () => {
  throw new Error('failed');
};
const failLate: RequestHandler = async () => {
  await Promise.resolve();
  throw new Error('failed late');
};

test('when handlers go in turn, then each sees what those before it did, and what comes behind them follows', async () => {
  const ask = await serve(note('first'), lateNote, note('last'));

  expect(JSON.parse(await ask())).toEqual({ first: 0, late: 1, last: 2 });
});

test.each([
  ['throws', fail, 'failed'],
  ['rejects', failLate, 'failed late'],
  ['says so', (_request, _response, next) => next(new Error('said so')), 'said so'],
] satisfies [string, RequestHandler, string][])(
  'when one %s, then the error is handled and nobody behind it sees the request',
  async (_how, handler, message) => {
    const ask = await serve(note('first'), lateNote, handler, fail);

    expect(await ask()).toBe(message);
  },
);

test('when a handler is for a path, then it sees what is asked for under that and nothing else', async () => {
  const ask = await serve(under('/api', note('asked')));

  const paths = ['/api/v1', '/api/v1?a=/api/', '/apis', '/docs?of=/api/'];
  const answers = await Promise.all(paths.map((path) => ask(path)));

  expect(answers).toEqual(['{"asked":0}', '{"asked":0}', '{}', '{}']);
});
