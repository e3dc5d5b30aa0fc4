import { commonConfig, mongoUrl } from '@turno/shared';
import { z } from 'zod';

/** The variables of `turno`. Each command wants some of them. */
export const turnoConfig = z.object({
  AMQP_URL: commonConfig.AMQP_URL,
  TICKETING_MONGO_URL: mongoUrl,
  NOTIFICATIONS_MONGO_URL: mongoUrl,
  AMQP_MANAGEMENT_URL: z.url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' }).optional(),
});
