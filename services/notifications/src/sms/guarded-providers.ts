import type { Clock, Logger, Tracing } from '@turno/shared';
import type { NotificationsConfig } from '../config.ts';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import { GuardedProvider } from './guarded-provider.ts';
import { createProvider, type ProviderName } from './providers.ts';
import { SmsProviders } from './sms-providers.ts';

export interface GuardedProvidersOptions {
  readonly config: NotificationsConfig;
  readonly inbox: InboxRepository;
  readonly clock: Clock;
  /** Of a stand-in, for tests. */
  readonly apiBase: string | undefined;
  readonly tracing: Tracing;
  readonly logger: Logger;
}

export interface GuardedProviders {
  readonly providers: SmsProviders;
  readonly first: GuardedProvider;
  readonly fallback: GuardedProvider | undefined;
}

/** The providers that the configuration names, each behind its guard. */
export async function guardedProviders({
  config,
  inbox,
  clock,
  apiBase,
  tracing,
  logger,
}: GuardedProvidersOptions): Promise<GuardedProviders> {
  const { SMS_PROVIDER, SMS_FALLBACK_PROVIDER, SMS_FALLBACK_AFTER_MS, SMS_CALLBACK_URL } = config;
  const limits = { maxConcurrent: config.SMS_MAX_CONCURRENT, maxPerSecond: config.SMS_MAX_PER_SECOND };
  const guard = async (name: ProviderName) => {
    const callbackUrl = SMS_CALLBACK_URL === undefined ? undefined : `${SMS_CALLBACK_URL}/callbacks/${name}`;
    const provider = await createProvider(name, { inbox, clock, variables: config, callbackUrl, apiBase });
    if (config.SMS_PROMOTIONS === 'separate' && !provider.hasPromotionsSender) {
      logger.warn({ provider: name }, 'promotions go out from the sender of the turn: a STOP silences the turn, too');
    }
    return new GuardedProvider(provider, limits, logger, { tracing });
  };
  const first = await guard(SMS_PROVIDER);
  const fallback = SMS_FALLBACK_PROVIDER === undefined ? undefined : await guard(SMS_FALLBACK_PROVIDER);
  const providers = new SmsProviders({ first, fallback, fallbackAfterMs: SMS_FALLBACK_AFTER_MS, clock });
  return { providers, first, fallback };
}
