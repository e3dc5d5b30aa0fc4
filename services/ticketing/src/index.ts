export { ticketingConfig, type TicketingConfig } from './config.ts';
export { ApiKeyRepository, apiKeyModel } from './data-access/api-key-repository.ts';
export type { ApiKey } from './domain/api-key-store.ts';
export { CatalogueRepository, catalogueModel } from './data-access/catalogue-repository.ts';
export {
  CustomerImportRepository,
  takenDocument,
  type CustomerImport,
  type RejectedRow,
} from './data-access/customer-import-repository.ts';
export {
  CustomerRepository,
  customerModel,
  type DirectoryEntry,
  type PutOutcome,
} from './data-access/customer-repository.ts';
export { ticketingModels } from './data-access/models.ts';
export { OutboxRepository } from './data-access/outbox-repository.ts';
export { pendingEvents } from './data-access/pending-events.ts';
export { TicketErasure, type StoredTicket } from './data-access/ticket-erasure.ts';
export { ticketModel } from './data-access/ticket-model.ts';
export { TicketRepository } from './data-access/ticket-repository.ts';
export { announceAgainUseCase } from './domain/announce-again.ts';
export { createdEventIdOf, ticketCreatedEvent } from './domain/ticket.ts';
export { startTicketing } from './start.ts';
