import {
  brokerTlsIsWhole,
  commonConfig,
  databaseVariables,
  mongoUrl,
  port,
  retentionDays,
  wholeNumber,
} from '@turno/shared';
import { z } from 'zod';

const variables = z.object({
  ...commonConfig,
  ...databaseVariables,
  TICKETING_MONGO_URL: mongoUrl.describe('`mongodb://user:password@host/database`: ticketing has one of its own'),
  TICKETING_OPS_PORT: port.default(9101).describe('the port of its operations server'),
  CATALOGUE_REFRESH_MS: wholeNumber({ min: 100 })
    .default(2_000)
    .describe('how often to look for a new version of the catalogue'),
  TICKET_RETENTION_DAYS: retentionDays
    .default(90)
    .describe(
      'how long a ticket tells whose it is, or `forever`; its number stays: [retention](privacy.md#how-long-it-is-kept)',
    ),
  TICKETS_PER_PHONE: wholeNumber({ max: 1_000 })
    .default(10)
    .describe(
      'tickets that one phone may take within `TICKET_LIMIT_WINDOW_MINUTES`; `0` for no limit: [limits on tickets](operations.md#limits-on-tickets)',
    ),
  TICKETS_PER_CUSTOMER: wholeNumber({ max: 1_000 })
    .default(10)
    .describe('tickets that one customer may take within `TICKET_LIMIT_WINDOW_MINUTES`; `0` for no limit'),
  TICKET_LIMIT_WINDOW_MINUTES: wholeNumber({ min: 1, max: 1_440 })
    .default(60)
    .describe('the time in which the tickets of a phone and of a customer are counted'),
});

export const ticketingConfig = variables.check(brokerTlsIsWhole);
export type TicketingConfig = z.infer<typeof ticketingConfig>;
