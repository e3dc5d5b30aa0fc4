import { commonConfig, mongoUrl, port } from '@turno/shared';
import { z } from 'zod';
import { inboxVariables } from './inbox-settings.ts';
import { providerNames, providerVariables, variablesNeededBy } from './sms/providers.ts';

export const notificationsConfig = z
  .object({
    ...commonConfig,
    NOTIFICATIONS_MONGO_URL: mongoUrl,
    NOTIFICATIONS_OPS_PORT: port.default(9102),
    /** The server for the provider's callbacks and the development inbox. */
    NOTIFICATIONS_HOST: z.string().default('127.0.0.1'),
    NOTIFICATIONS_PORT: port.default(3002),
    /** Who sends the SMS. No default: texting people is a decision, and so is not texting them. */
    SMS_PROVIDER: z.enum(providerNames),
    ...inboxVariables,
    ...providerVariables,
  })
  .check(({ value, issues }) => {
    const missing = variablesNeededBy[value.SMS_PROVIDER].filter((name) => value[name] === undefined);
    const message = `SMS_PROVIDER=${value.SMS_PROVIDER} needs it`;
    issues.push(...missing.map((name) => ({ code: 'custom' as const, input: undefined, path: [name], message })));
  });
export type NotificationsConfig = z.infer<typeof notificationsConfig>;
