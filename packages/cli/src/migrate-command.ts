import { createIndexes, type Connection } from '@turno/mongo';
import { notificationsModels } from '@turno/notifications';
import {
  commonConfig,
  createLogger,
  migrateSubscriptions,
  readConfig,
  subscriptions,
  systemClock,
} from '@turno/shared';
import { announceAgainUseCase, ticketingModels, ticketModel, TicketRepository } from '@turno/ticketing';
import { z } from 'zod';
import { withDatabase } from './database.ts';

const logger = createLogger('turno', 'silent');

/** Makes what the services need of their servers: collections, indexes, and the exchange and queues of the events. */
export async function migrate(): Promise<void> {
  const { AMQP_URL: url } = readConfig(z.object({ AMQP_URL: commonConfig.AMQP_URL }));
  await withDatabase('NOTIFICATIONS_MONGO_URL', (connection) => createIndexes(notificationsModels(connection)));
  await withDatabase('TICKETING_MONGO_URL', async (connection) => {
    await createIndexes(ticketingModels(connection));
    await migrateSubscriptions({ url, subscriptions, onMissing: announceAgain(connection), logger });
  });
  console.log('The collections, the indexes and the queues are there.');
}

function announceAgain(connection: Connection): () => Promise<void> {
  const tickets = new TicketRepository(ticketModel(connection));
  return announceAgainUseCase({ tickets, clock: systemClock, logger });
}
