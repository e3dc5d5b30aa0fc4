import { isolateForTest } from '@turno/devstack';
import { connectMongo, createIndexes, type Connection } from '@turno/mongo';
import { createLogger } from '@turno/shared';
import { ticketingModels } from '@turno/ticketing';

export interface Database {
  readonly connection: Connection;
  readonly url: string;
  dispose(): Promise<void>;
}

/** A migrated database of ticketing, named by the environment as for an operator's `turno`. */
export async function openDatabase(label: string): Promise<Database> {
  const isolated = await isolateForTest(label);
  const connection = await connectMongo(isolated.mongoUrl, createLogger('spec', 'silent'));
  await createIndexes(ticketingModels(connection));
  process.env['TICKETING_MONGO_URL'] = isolated.mongoUrl;
  return {
    connection,
    url: isolated.mongoUrl,
    dispose: async () => {
      await connection.close();
      await isolated.dispose();
    },
  };
}
