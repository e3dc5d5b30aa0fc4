import type { Clock } from '@turno/shared';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { Inbox } from './inbox.ts';
import type { SmsProvider } from './sms-provider.ts';

export interface ProviderParts {
  readonly inbox: InboxRepository;
  readonly clock: Clock;
}

/** Every provider, by its name in SMS_PROVIDER. Adding one is one file and one line. */
const providers = {
  inbox: ({ inbox, clock }: ProviderParts): SmsProvider => new Inbox(inbox, clock),
};

export type ProviderName = keyof typeof providers;
export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

export function createProvider(name: ProviderName, parts: ProviderParts): SmsProvider {
  return providers[name](parts);
}
