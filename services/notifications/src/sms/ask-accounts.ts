import { systemClock } from '@turno/shared';
import type { NotificationsConfig } from '../config.ts';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { createProvider, type ProviderName } from './providers.ts';
import type { AccountState } from './sms-provider.ts';

/** What a provider says of the account that it is configured with. */
export interface AskedAccount {
  readonly provider: ProviderName;
  readonly state: AccountState;
}

/** An account is asked for without a message, so that nothing comes into the inbox. */
const noInbox = undefined as unknown as InboxRepository;

/**
 * Asks the providers of SMS after our accounts; sends nothing. Each takes as long as its timeout allows, 20 s at most.
 *
 * @param apiBase a test's stand-in of the provider's API
 */
export async function askAccounts(config: NotificationsConfig, apiBase?: string): Promise<AskedAccount[]> {
  const { SMS_PROVIDER: first, SMS_FALLBACK_PROVIDER: fallback } = config;
  const names = fallback === undefined ? [first] : [first, fallback];
  return Promise.all(
    names.map(async (name) => {
      const provider = await createProvider(name, { inbox: noInbox, clock: systemClock, variables: config, apiBase });
      const state = (await provider.askAccount?.()) ?? { kind: 'doubtful', saw: 'it cannot be asked' };
      return { provider: name, state };
    }),
  );
}
