import type { Connection, Model } from 'mongoose';
import { catalogueModel } from './catalogue-repository.ts';
import { customerModel } from './customer-repository.ts';
import { ticketModel } from './ticket-model.ts';

/** Every collection of ticketing, for the migration and for the check at start. */
export function ticketingModels(connection: Connection): Model<never>[] {
  return [ticketModel(connection), catalogueModel(connection), customerModel(connection)] as unknown as Model<never>[];
}
