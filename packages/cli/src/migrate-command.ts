import { createIndexes, type Connection } from '@turno/mongo';
import { notificationsModels } from '@turno/notifications';
import { createLogger, migrateSubscriptions, subscriptions, systemClock } from '@turno/shared';
import { announceAgainUseCase, ticketingModels, ticketModel, TicketRepository } from '@turno/ticketing';
import { readBrokerAddress } from './broker-address.ts';
import { withDatabase } from './database.ts';

const logger = createLogger('turno', 'silent');

/** Makes what the services need of their servers: collections, indexes, and the exchange and queues of the events. */
export async function migrate(): Promise<void> {
  const url = readBrokerAddress();
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
