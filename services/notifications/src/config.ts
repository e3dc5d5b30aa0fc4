import { commonConfig, mongoUrl, port } from '@turno/shared';
import { z } from 'zod';
import { providerNames, providerVariables, variablesNeededBy } from './sms/providers.ts';

export const notificationsConfig = z
  .object({
    ...commonConfig,
    NOTIFICATIONS_MONGO_URL: mongoUrl,
    NOTIFICATIONS_OPS_PORT: port.default(9102),
    /** What an operator sends to change something on the operations server; without it nothing can be changed there. */
    OPS_TOKEN: z
      .string()
      .regex(
        /^[\w.~+/=-]{24,}$/,
        'at least 24 letters, digits or any of . _ ~ + / = - are expected: openssl rand -hex 24',
      )
      .optional(),
    /** The server for the provider's callbacks and the development inbox. */
    NOTIFICATIONS_HOST: z.string().default('127.0.0.1'),
    NOTIFICATIONS_PORT: port.default(3002),
    /** Who sends the SMS. No default: texting people is a decision, and so is not texting them. */
    SMS_PROVIDER: z.enum(providerNames),
    ...providerVariables,
  })
  .check(({ value, issues }) => {
    const missing = variablesNeededBy[value.SMS_PROVIDER].filter((name) => value[name] === undefined);
    const message = `SMS_PROVIDER=${value.SMS_PROVIDER} needs it`;
    issues.push(...missing.map((name) => ({ code: 'custom' as const, input: undefined, path: [name], message })));
  });
export type NotificationsConfig = z.infer<typeof notificationsConfig>;
