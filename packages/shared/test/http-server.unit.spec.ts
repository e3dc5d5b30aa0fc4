import { Agent, createServer, get, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { closeServer, listen } from '../src/http-server.ts';

let server: Server;
let agent: Agent;
let port: number;

beforeEach(() => {
  agent = new Agent({ keepAlive: true });
});

afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
});

async function serve(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  port = await listen(server, 0, '127.0.0.1');
}

interface Answer {
  readonly body: string;
  readonly connection: string | undefined;
}

function ask(): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent }, (response) => {
      text(response).then((body) => resolve({ body, connection: response.headers.connection }), reject);
    });
    request.on('error', reject);
  });
}

/** Asks until it fails; gives back why. */
async function askInLoop(answered: () => void): Promise<unknown> {
  for (;;) {
    try {
      await ask();
      answered();
    } catch (error) {
      return error;
    }
  }
}

test('when clients ask on and on as it closes, then they are refused at last, and before that all are answered', async () => {
  await serve((_request, response) => void pause(1).then(() => response.end('well')));
  let answers = 0;
  const ends = Array.from({ length: 8 }, () => askInLoop(() => answers++));
  await eventually(() => answers > 100);
  const start = performance.now();

  await closeServer(server);

  expect(performance.now() - start).toBeLessThan(1_000);
  for (const end of ends) expect(await end).toMatchObject({ code: 'ECONNREFUSED' });
});

test('when a request is under way as it closes, then its answer says that the connection closes', async () => {
  const { promise: goOn, resolve: letGoOn } = Promise.withResolvers<void>();
  let asked = 0;
  await serve((_request, response) => void (asked++, goOn.then(() => response.end('well'))));
  const answer = ask();
  await eventually(() => asked === 1);

  const closed = closeServer(server);
  letGoOn();

  expect(await answer).toEqual({ body: 'well', connection: 'close' });
  await closed;
});

test('when an answer that is begun said keep-alive, then its connection does not keep the server up', async () => {
  const { promise: goOn, resolve: letGoOn } = Promise.withResolvers<void>();
  await serve((_request, response) => {
    response.write('be');
    void goOn.then(() => response.end('gun'));
  });
  const answer = ask();
  await eventually(() => Object.keys(agent.sockets).length === 1);
  await eventually(() => Object.values(agent.sockets)[0]![0]!.bytesRead > 0);

  const closed = closeServer(server);
  letGoOn();

  expect(await answer).toMatchObject({ body: 'begun', connection: 'keep-alive' });
  await closed;
});

test('when a client keeps a connection and says nothing, then it is dropped', async () => {
  await serve((_request, response) => void response.end('well'));
  await ask();

  await closeServer(server);

  await eventually(() => Object.keys(agent.freeSockets).length === 0);
  await expect(ask()).rejects.toThrow('ECONNREFUSED');
});
