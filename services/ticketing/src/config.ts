import { commonConfig, mongoUrl, port, retentionDays, wholeNumber } from '@turno/shared';
import { z } from 'zod';

export const ticketingConfig = z.object({
  ...commonConfig,
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
});
export type TicketingConfig = z.infer<typeof ticketingConfig>;
