import type { Clock } from '@turno/shared';
import type { z } from 'zod';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { Inbox } from './inbox.ts';
import type { SmsProvider } from './sms-provider.ts';
import { Webhook, webhookVariables } from './webhook.ts';

/** The variables that some provider wants, whichever it is. */
export const providerVariables = webhookVariables;

export interface ProviderParts {
  readonly inbox: InboxRepository;
  readonly clock: Clock;
  /** With all that {@link variablesNeededBy} names for the provider. */
  readonly variables: z.infer<z.ZodObject<typeof providerVariables>>;
}

/** Every provider, by its name in SMS_PROVIDER. Adding one is a file and an entry. */
const providers = {
  inbox: ({ inbox, clock }: ProviderParts): SmsProvider => new Inbox(inbox, clock),
  webhook: ({ variables, clock }: ProviderParts): SmsProvider =>
    new Webhook({
      url: variables.SMS_WEBHOOK_URL!,
      secret: variables.SMS_WEBHOOK_SECRET!,
      timeoutMs: variables.SMS_WEBHOOK_TIMEOUT_MS,
      clock,
    }),
};

export type ProviderName = keyof typeof providers;
export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

/** The variables without a default that a provider cannot do without. */
export const variablesNeededBy = {
  inbox: [],
  webhook: ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'],
} as const satisfies Record<ProviderName, readonly (keyof typeof providerVariables)[]>;

export function createProvider(name: ProviderName, parts: ProviderParts): SmsProvider {
  return providers[name](parts);
}
