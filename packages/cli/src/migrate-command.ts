import { createIndexes } from '@turno/mongo';
import { notificationsModels } from '@turno/notifications';
import { commonConfig, createLogger, migrateQueues, readConfig, subscriptions } from '@turno/shared';
import { ticketingModels } from '@turno/ticketing';
import { z } from 'zod';
import { withDatabase } from './database.ts';

/** Makes what the services need of their servers: collections, indexes, and dead-letter queues as this version has them. */
export async function migrate(): Promise<void> {
  const { AMQP_URL: url } = readConfig(z.object({ AMQP_URL: commonConfig.AMQP_URL }));
  await withDatabase('TICKETING_MONGO_URL', (connection) => createIndexes(ticketingModels(connection)));
  await withDatabase('NOTIFICATIONS_MONGO_URL', (connection) => createIndexes(notificationsModels(connection)));
  const queues = subscriptions.map(({ deadLetterQueue }) => deadLetterQueue);
  await migrateQueues({ url, queues, logger: createLogger('turno', 'silent') });
  console.log('The collections, the indexes and the dead-letter queues are there.');
}
