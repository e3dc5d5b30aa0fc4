import { commonConfig, mongoUrl, port, wholeNumber } from '@turno/shared';
import { z } from 'zod';
import { inboxVariables } from './inbox-settings.ts';
import { providerNames, providerVariables, variablesNeededBy } from './sms/providers.ts';
import { textVariables } from './text-config.ts';

const retentionExpected = 'a number of days above 0 is expected, or forever';

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
    /** The public address of this server, as providers know it: their signatures are over it. */
    SMS_CALLBACK_URL: z
      .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
      .regex(/^[^?#]*$/, 'a URL without ? and # is expected')
      .optional(),
    /** How long phones and texts are kept, in days. */
    SMS_RETENTION_DAYS: z
      .union([z.literal('forever'), wholeNumber({ min: 1, max: 36_500 })], retentionExpected)
      .default(90),
    ...inboxVariables,
    ...providerVariables,
    ...textVariables,
  })
  .check(({ value, issues }) => {
    const missing = variablesNeededBy[value.SMS_PROVIDER].filter((name) => value[name] === undefined);
    const message = `SMS_PROVIDER=${value.SMS_PROVIDER} needs it`;
    issues.push(...missing.map((name) => ({ code: 'custom' as const, input: undefined, path: [name], message })));
  });
export type NotificationsConfig = z.infer<typeof notificationsConfig>;
