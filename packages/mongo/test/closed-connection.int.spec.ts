import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { createLogger } from '@turno/shared';
import { connectMongo, isUnavailable, type Connection } from '../src/index.ts';

let isolated: Isolated;

beforeAll(async () => {
  isolated = await isolateForTest('closed-connection');
});
afterAll(() => isolated.dispose());

/** A way to the database on which a test may end connections as the database would, in order. */
async function openWay(url: string): Promise<{ url: string; endAll(): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(url);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    clients.add(client.on('error', () => database.destroy()));
    database.on('error', () => client.destroy()).pipe(client);
    client.pipe(database);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    endAll: () => clients.forEach((client) => client.end()),
    async close() {
      clients.forEach((client) => client.destroy());
      await once(server.close(), 'close');
    },
  };
}

interface DriverConnection {
  readonly closed: boolean;
  readonly socket: Socket;
}

/** The driver has no name for it: the socket under the only connection of a pool that has been used once. */
function onlyConnection(connection: Connection): DriverConnection {
  const { topology } = connection.getClient() as unknown as {
    topology: { s: { servers: Map<string, { pool: { connections: { toArray(): DriverConnection[] } } }> } };
  };
  return [...topology.s.servers.values()][0]!.pool.connections.toArray()[0]!;
}

test('when the database has closed a connection that the driver still takes for open, then a command on it does not hang', async () => {
  const way = await openWay(isolated.mongoUrl);
  const connection = await connectMongo(way.url, createLogger('spec', 'silent'));
  const tickets = connection.db!.collection('tickets');
  await tickets.findOne({});
  const { promise: commanded, resolve } = Promise.withResolvers<PromiseSettledResult<unknown>[]>();
  const under = onlyConnection(connection);

  // Between the end of the connection and its `close`, which comes one turn of the event loop later.
  under.socket.once('end', () =>
    setImmediate(() => {
      expect([under.closed, under.socket.destroyed]).toEqual([false, true]);
      resolve(Promise.allSettled([tickets.findOne({}), tickets.findOne({})]));
    }),
  );
  way.endAll();

  for (const end of await commanded) expect(end.status === 'fulfilled' || isUnavailable(end.reason)).toBe(true);
  await connection.close();
  await way.close();
});
