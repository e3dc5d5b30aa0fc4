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
import { inboxVariables } from './inbox-settings.ts';
import { mistakesOf, providerNames, providerVariables } from './sms/providers.ts';
import { smsCountriesOf } from './domain/sms-destinations.ts';
import { textVariables } from './text-config.ts';

const smsCountries = z.string().transform((text, context) => {
  try {
    return smsCountriesOf(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

export const notificationsConfig = z
  .object({
    ...commonConfig,
    ...databaseVariables,
    NOTIFICATIONS_MONGO_URL: mongoUrl.describe(
      '`mongodb://user:password@host/database`: notifications has one of its own',
    ),
    NOTIFICATIONS_OPS_PORT: port.default(9102).describe('the port of its operations server'),
    NOTIFICATIONS_HOST: z
      .string()
      .default('127.0.0.1')
      .describe("where the server for the provider's callbacks and the inbox answers"),
    NOTIFICATIONS_PORT: port.default(3002).describe('its port'),
    /** No default: texting people is a decision, and so is not texting them. */
    SMS_PROVIDER: z
      .enum(providerNames)
      .describe(
        'who sends the SMS: `inbox` keeps messages instead, `webhook` hands them to a server of yours, `twilio`, `sns` and `vonage` send them: [the providers](sms-providers.md)',
      ),
    SMS_RETENTION_DAYS: retentionDays
      .default(90)
      .describe('how long phones and texts are kept, or `forever`: [retention](sms-delivery.md#retention-and-privacy)'),
    SMS_FALLBACK_PROVIDER: z
      .enum(providerNames)
      .optional()
      .describe('who sends while `SMS_PROVIDER` is out: [the fallback](sms-providers.md#the-fallback)'),
    SMS_FALLBACK_AFTER_MS: wholeNumber()
      .default(60_000)
      .describe('how long the first must have been away, without a break, to be out'),
    SMS_MAX_CONCURRENT: wholeNumber({ min: 1 }).default(50).describe('SMS handed to a provider at the same time'),
    SMS_MAX_PER_SECOND: wholeNumber()
      .default(0)
      .describe('SMS handed to a provider within any second, by one instance; `0` for no limit'),
    SMS_COUNTRIES: smsCountries.optional().meta({
      unset: '`any`, and in production required by all providers but `inbox`',
      description:
        'the countries whose numbers may be texted, by their ISO codes, `PE,CL`, or `any`: [SMS pumping](sms-delivery.md#sms-pumping)',
    }),
    SMS_MAX_PER_PREFIX_PER_HOUR: wholeNumber({ max: 1_000_000 })
      .default(100)
      .describe(
        'SMS to numbers that differ in their last four digits alone, within an hour, by one instance; `0` for no cap: [SMS pumping](sms-delivery.md#sms-pumping)',
      ),
    SMS_CALLBACK_URL: z
      .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected', abort: true })
      .refine(isPlain, 'a URL without credentials, query and fragment is expected')
      .transform((url) => url.replace(/\/+$/, ''))
      .optional()
      .meta({
        unset: "the request's `Host`",
        description:
          'where providers reach the server of callbacks, as they see it: signatures are over this. [Callbacks](sms-delivery.md#callbacks) come to `/callbacks/` and the name of the provider below it',
      }),
    ...inboxVariables,
    ...providerVariables,
    ...textVariables,
  })
  .check(brokerTlsIsWhole, ({ value, issues }) => {
    const { SMS_PROVIDER: first, SMS_FALLBACK_PROVIDER: fallback } = value;
    const add = (name: string, message: string) => {
      issues.push({ code: 'custom', input: undefined, path: [name], message });
    };
    const sends = first !== 'inbox' || fallback !== undefined;
    if (value.NODE_ENV === 'production' && sends && value.SMS_COUNTRIES === undefined)
      add('SMS_COUNTRIES', 'the countries whose numbers may be texted are expected, such as PE,CL, or any');
    if (first === fallback) add('SMS_FALLBACK_PROVIDER', 'another provider than SMS_PROVIDER is expected');
    if (first === 'inbox' && value.NODE_ENV === 'production' && value.INBOX_IN_PRODUCTION === undefined)
      add(
        'INBOX_IN_PRODUCTION',
        "the inbox sends nothing and shows everybody's messages: allowed is expected where that is meant",
      );
    // It would take real customers' messages for sent, and show them.
    if (fallback === 'inbox') add('SMS_FALLBACK_PROVIDER', 'a provider that sends is expected');
    for (const provider of new Set(fallback === undefined ? [first] : [first, fallback])) {
      for (const { variable, message } of mistakesOf(provider, value)) add(variable, message);
    }
  });
export type NotificationsConfig = z.infer<typeof notificationsConfig>;

function isPlain(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return `${username}${password}${search}${hash}` === '';
}
