import { commonConfig, mongoUrl, port, wholeNumber } from '@turno/shared';
import { z } from 'zod';

export const ticketingConfig = z.object({
  ...commonConfig,
  TICKETING_MONGO_URL: mongoUrl,
  TICKETING_OPS_PORT: port.default(9101),
  /** How often to look for a new version of the catalogue. */
  CATALOGUE_REFRESH_MS: wholeNumber({ min: 100 }).default(2_000),
});
export type TicketingConfig = z.infer<typeof ticketingConfig>;
