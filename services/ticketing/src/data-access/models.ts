import type { Connection, Model } from 'mongoose';
import { apiKeyModel } from './api-key-repository.ts';
import { catalogueModel } from './catalogue-repository.ts';
import { customerImportModel, rejectedRowModel } from './customer-import-repository.ts';
import { customerModel } from './customer-repository.ts';
import { outboxPageModel } from './outbox-repository.ts';
import { sweepModel } from './request-key-sweep.ts';
import { ticketModel } from './ticket-model.ts';

/** Every collection of ticketing, for the migration and for the check at start. */
export function ticketingModels(connection: Connection): Model<never>[] {
  const models = [
    apiKeyModel,
    ticketModel,
    outboxPageModel,
    catalogueModel,
    customerModel,
    customerImportModel,
    rejectedRowModel,
    sweepModel,
  ];
  return models.map((model) => model(connection)) as unknown as Model<never>[];
}
