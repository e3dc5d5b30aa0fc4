import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What one caller may take of an HTTP server. Times are in milliseconds. */
export interface HttpLimits {
  /** For the head of a request. Who sends slower holds a connection for nothing. */
  readonly headersTimeoutMs: number;
  /** For a whole request. */
  readonly requestTimeoutMs: number;
  /** For the next request on a connection; longer than a proxy before the server keeps one, or it may meet a closed one. */
  readonly keepAliveMs: number;
  /** How often those times are looked at. */
  readonly lookEveryMs: number;
  readonly maxHeaderBytes: number;
  /** Further ones are dropped by Node. */
  readonly maxHeaders: number;
  /** Then its connection is closed: whoever balances load has a chance to. */
  readonly maxRequestsPerConnection: number;
  /** Further ones are closed unanswered. */
  readonly maxConnections: number;
  /** From one address, or one network of them; 0 for no limit. */
  readonly maxConnectionsPerAddress: number;
}

/** For any server of ours: 16 KiB of head in 10 seconds, a request in 30. */
export const httpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 5_000,
  lookEveryMs: 2_000,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  maxRequestsPerConnection: 10_000,
  maxConnections: 1_000,
  maxConnectionsPerAddress: 0,
};

/** What a server is made with for its limits to hold; `limitConnections` does the rest. */
export function serverOptions(limits: HttpLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.lookEveryMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}

/** Connections that were closed at once since the start, by the limit that was reached. */
export interface RefusedConnections {
  total: number;
  address: number;
}

/**
 * Holds a server to its limits on connections.
 *
 * @param networkOf the addresses that are counted together
 */
export function limitConnections(
  server: Server,
  limits: HttpLimits,
  networkOf: (address: string) => string = (address) => address,
): Readonly<RefusedConnections> {
  const refused: RefusedConnections = { total: 0, address: 0 };
  // One more than is allowed tells that there were too many.
  server.maxHeadersCount = limits.maxHeaders + 1;
  server.maxConnections = limits.maxConnections;
  server.on('drop', () => refused.total++);
  limitRequests(server, limits.maxRequestsPerConnection);
  if (limits.maxConnectionsPerAddress > 0) limitAddresses(server, limits.maxConnectionsPerAddress, networkOf, refused);
  return refused;
}

/** Says of the last answer that it is the last. Node's own limit would answer 503 to requests that are on their way. */
function limitRequests(server: Server, most: number): void {
  const counts = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const count = (counts.get(socket) ?? 0) + 1;
    counts.set(socket, count);
    if (count >= most) response.setHeader('Connection', 'close');
  });
}

function limitAddresses(
  server: Server,
  most: number,
  networkOf: (address: string) => string,
  refused: RefusedConnections,
): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      refused.address++;
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
