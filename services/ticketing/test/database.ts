import { isolateForTest } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { ticketingModels } from '../src/index.ts';

export const silent = createLogger('spec', 'silent');

export interface Servers {
  readonly amqpUrl: string;
  readonly mongo: Connection;
  dispose(): Promise<void>;
}

/** A migrated database of ticketing and a vhost, for one spec file. */
export async function openServers(label: string, options?: Parameters<typeof connectMongo>[2]): Promise<Servers> {
  const isolated = await isolateForTest(label);
  const mongo = await connectMongo(isolated.mongoUrl, silent, options);
  await createIndexes(ticketingModels(mongo));
  return {
    amqpUrl: isolated.amqpUrl,
    mongo,
    dispose: async () => {
      await mongo.close();
      await isolated.dispose();
    },
  };
}
