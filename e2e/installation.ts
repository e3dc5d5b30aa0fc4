import { join } from 'node:path';
import { putInForce, readCatalogue } from '@turno/cli';
import type { Isolated } from '@turno/devstack';
import { connectMongo, createIndexes } from '@turno/mongo';
import { notificationsModels } from '@turno/notifications';
import { catalogue, createLogger, migrateSubscriptions, subscriptions, type Catalogue } from '@turno/shared';
import { ticketingModels } from '@turno/ticketing';
import { noLimits } from '../scripts/start/no-limits.ts';

const demoCatalogue = join(import.meta.dirname, '../catalogue/demo.yaml');
const silent = createLogger('e2e', 'fatal');

/** The port of each server, by its variable. */
export interface Ports {
  readonly GATEWAY_PORT: number;
  readonly NOTIFICATIONS_PORT: number;
  readonly GATEWAY_OPS_PORT: number;
  readonly TICKETING_OPS_PORT: number;
  readonly NOTIFICATIONS_OPS_PORT: number;
}

/** Each server takes a free one. */
export const anyPorts: Ports = {
  GATEWAY_PORT: 0,
  NOTIFICATIONS_PORT: 0,
  GATEWAY_OPS_PORT: 0,
  TICKETING_OPS_PORT: 0,
  NOTIFICATIONS_OPS_PORT: 0,
};

/** What an operator does first: the collections, indexes and queues, and a catalogue, which `change` makes out of that of the demo. */
export async function installDemo(
  servers: Isolated,
  change: (demo: Catalogue) => Catalogue = (demo) => demo,
): Promise<void> {
  const connection = await connectMongo(servers.mongoUrl, silent);
  await createIndexes(ticketingModels(connection));
  await createIndexes(notificationsModels(connection));
  await putInForce(catalogue.parse(change(await readCatalogue(demoCatalogue))), connection);
  await connection.close();
  await migrateSubscriptions({ url: servers.amqpUrl, subscriptions, onMissing: nothingIsLost, logger: silent });
}

/** There are no tickets yet. */
async function nothingIsLost(): Promise<void> {
  return;
}

/** The configuration of all three services. */
export function serviceVariables(servers: Isolated, ports: Ports): NodeJS.ProcessEnv {
  return {
    AMQP_URL: servers.amqpUrl,
    TICKETING_MONGO_URL: servers.mongoUrl,
    NOTIFICATIONS_MONGO_URL: servers.mongoUrl,
    SMS_PROVIDER: 'inbox',
    GATEWAY_HOST: '127.0.0.1',
    AUTH: 'none',
    ...noLimits,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
}
