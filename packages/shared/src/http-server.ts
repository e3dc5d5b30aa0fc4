import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import { ShortLivedMap } from './short-lived-map.ts';

/** For requests that are on their way on an idle connection as its server closes, in milliseconds. */
const lastCallMs = 100;
const sweepEveryMs = 50;

/** The responses of a server that are not finished. */
const underWay = new WeakMap<Server, ShortLivedMap<number, ServerResponse>>();

/**
 * Makes the server listen.
 *
 * @param port 0 takes a free one
 * @returns the port that it listens on
 * @throws when the port is taken
 */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  const responses = new ShortLivedMap<number, ServerResponse>();
  underWay.set(server, responses);
  let count = 0;
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    const id = ++count;
    responses.set(id, response);
    response.once('close', () => responses.take(id));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * Stops listening at once and lets requests under way finish. Their answers, and those to requests that come meanwhile on
 * connections there are, say that the connection closes, so that no client asks again on one that is about to go.
 */
export async function closeServer(server: Server): Promise<void> {
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => sayLast(response));
  for (const response of underWay.get(server)?.values() ?? []) sayLast(response);

  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // That of an HTTP server also drops idle connections in this moment, and with them the requests on their way to it.
  NetServer.prototype.close.call(server, () => resolve());
  let sweeping = setTimeout(sweep, lastCallMs);
  await closed;
  clearTimeout(sweeping);

  function sweep(): void {
    server.closeIdleConnections();
    sweeping = setTimeout(sweep, sweepEveryMs);
  }
}

function sayLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
