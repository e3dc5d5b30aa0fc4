import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolateForTest, type Isolated } from '@turno/devstack';
import { createLogger } from '@turno/shared';
import { TcpLink } from '@turno/testing';
import { connectMongo, isUnavailable, type Connection } from '../src/index.ts';

let isolated: Isolated;

beforeAll(async () => {
  isolated = await isolateForTest('closed-connection');
});
afterAll(() => isolated.dispose());

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
  const link = await TcpLink.to(isolated.mongoUrl);
  const connection = await connectMongo(link.urlFor(isolated.mongoUrl), createLogger('spec', 'silent'));
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
  link.end();

  for (const end of await commanded) expect(end.status === 'fulfilled' || isUnavailable(end.reason)).toBe(true);
  await connection.close();
  await link.close();
});
