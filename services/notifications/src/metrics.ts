import { breakerStateNumbers, type OpsServer } from '@turno/shared';
import type { GuardedProviders } from './sms/guarded-providers.ts';

/** What notifications tells Prometheus about the providers of SMS. */
export function exposeMetrics(ops: OpsServer, { providers, first, fallback }: GuardedProviders): void {
  ops.gauge(
    'turno_sms_breaker_state',
    'The breaker before the SMS provider: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[first.breakerState],
  );
  ops.gauge('turno_sms_waiting', 'SMS that wait for their turn at the provider', () => first.waiting);
  if (!fallback) return;
  ops.gauge(
    'turno_sms_fallback_breaker_state',
    'The breaker before the fallback provider: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[fallback.breakerState],
  );
  ops.gauge('turno_sms_fallback_waiting', 'SMS that wait for their turn at the fallback', () => fallback.waiting);
  ops.gauge('turno_sms_fallback_in_use', '1 while the fallback stands in for the SMS provider', () =>
    providers.isFirstOut ? 1 : 0,
  );
}
