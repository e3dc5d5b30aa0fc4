import { brokerVariables, databaseVariables, mongoUrl } from '@turno/shared';
import { z } from 'zod';

/** The variables of `turno`. Each command wants some of them; `turno --help` says which. */
export const turnoConfig = z.object({
  ...brokerVariables,
  ...databaseVariables,
  TICKETING_MONGO_URL: mongoUrl.describe("ticketing's database"),
  NOTIFICATIONS_MONGO_URL: mongoUrl.describe("notifications' database"),
  AMQP_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .optional()
    .describe(
      "where RabbitMQ's management API answers, for `turno doctor` and `turno accounts`: `http://user:password@host:15672`, a user with the tag administrator",
    ),
  GATEWAY_AMQP_URL: brokerVariables.AMQP_URL.optional().describe(
    "the gateway's `AMQP_URL`, for `turno accounts`, which makes its account; so with the next two",
  ),
  TICKETING_AMQP_URL: brokerVariables.AMQP_URL.optional().describe("ticketing's `AMQP_URL`"),
  NOTIFICATIONS_AMQP_URL: brokerVariables.AMQP_URL.optional().describe("notifications' `AMQP_URL`"),
  MONGO_ADMIN_URL: mongoUrl
    .optional()
    .describe(
      'the database with the credentials of an administrator, for `turno accounts`: `mongodb://user:password@host/admin`',
    ),
});
