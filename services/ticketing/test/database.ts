import { isolateForTest } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { TcpLink } from '@turno/testing';
import { ticketingModels } from '../src/index.ts';

export const silent = createLogger('spec', 'silent');

export interface Servers {
  readonly amqpUrl: string;
  readonly mongo: Connection;
  /** Another connection to the database, by a link that can be broken; both are closed with the servers. */
  byLink(): Promise<{ readonly link: TcpLink; readonly mongo: Connection }>;
  dispose(): Promise<void>;
}

/** A migrated database of ticketing and a vhost, for one spec file. */
export async function openServers(label: string, options?: Parameters<typeof connectMongo>[2]): Promise<Servers> {
  const isolated = await isolateForTest(label);
  const mongo = await connectMongo(isolated.mongoUrl, silent, options);
  await createIndexes(ticketingModels(mongo));
  const opened: { close(): Promise<void> }[] = [mongo];
  return {
    amqpUrl: isolated.amqpUrl,
    mongo,
    byLink: async () => {
      const link = await TcpLink.to(isolated.mongoUrl);
      const linked = await connectMongo(link.urlFor(isolated.mongoUrl), silent);
      opened.push(linked, link);
      return { link, mongo: linked };
    },
    dispose: async () => {
      for (const each of opened) await each.close();
      await isolated.dispose();
    },
  };
}
