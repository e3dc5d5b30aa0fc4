import { commonConfig, mongoUrl } from '@turno/shared';
import { z } from 'zod';

/** The variables of `turno`. Each command wants some of them; `turno --help` says which. */
export const turnoConfig = z.object({
  AMQP_URL: commonConfig.AMQP_URL,
  TICKETING_MONGO_URL: mongoUrl.describe("ticketing's database"),
  NOTIFICATIONS_MONGO_URL: mongoUrl.describe("notifications' database"),
  AMQP_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .optional()
    .describe(
      "where RabbitMQ's management API answers, for `turno doctor`: `http://user:password@host:15672`, a user with the tag administrator",
    ),
});
