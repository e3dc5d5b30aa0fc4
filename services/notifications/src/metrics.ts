import {
  breakerStateNumbers,
  exposeBroker,
  exposeDeadLetters,
  ticketCreatedSubscription,
  type BrokerConnection,
  type Metrics,
} from '@turno/shared';
import type { GuardedProviders } from './sms/guarded-providers.ts';

export interface Measured {
  readonly connections: readonly [BrokerConnection, ...BrokerConnection[]];
  readonly guarded: GuardedProviders;
}

/** What notifications tells Prometheus about the broker and the providers of SMS. */
export function exposeMetrics(metrics: Metrics, { connections, guarded }: Measured): void {
  exposeBroker(metrics, connections);
  exposeDeadLetters(metrics, connections[0], ticketCreatedSubscription.deadLetterQueue.name);
  exposeProviders(metrics, guarded);
}

function exposeProviders(metrics: Metrics, { providers, first, fallback }: GuardedProviders): void {
  metrics.gauge(
    'turno_sms_breaker_state',
    'The breaker before the SMS provider: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[first.breakerState],
  );
  metrics.gauge('turno_sms_waiting', 'SMS that wait for their turn at the provider', () => first.waiting);
  if (!fallback) return;
  metrics.gauge(
    'turno_sms_fallback_breaker_state',
    'The breaker before the fallback provider: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[fallback.breakerState],
  );
  metrics.gauge('turno_sms_fallback_waiting', 'SMS that wait for their turn at the fallback', () => fallback.waiting);
  metrics.gauge('turno_sms_fallback_in_use', '1 while the fallback stands in for the SMS provider', () =>
    providers.isFirstOut ? 1 : 0,
  );
}
