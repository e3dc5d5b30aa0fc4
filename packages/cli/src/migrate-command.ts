import { createIndexes } from '@turno/mongo';
import { notificationsModels } from '@turno/notifications';
import { ticketingModels } from '@turno/ticketing';
import { withDatabase } from './database.ts';

export async function migrate(): Promise<void> {
  await withDatabase('TICKETING_MONGO_URL', (connection) => createIndexes(ticketingModels(connection)));
  await withDatabase('NOTIFICATIONS_MONGO_URL', (connection) => createIndexes(notificationsModels(connection)));
  console.log('The collections and indexes are there.');
}
