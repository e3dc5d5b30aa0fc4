import { exposeBroker, remembered, type BrokerConnection, type Clock, type Metrics } from '@turno/shared';
import type { TicketRepository } from './data-access/ticket-repository.ts';

export interface Measured {
  readonly connections: readonly BrokerConnection[];
  readonly tickets: Pick<TicketRepository, 'outbox'>;
  readonly clock: Clock;
}

/** What ticketing tells Prometheus about the broker and its pending events. */
export function exposeMetrics(metrics: Metrics, { connections, tickets, clock }: Measured): void {
  exposeBroker(metrics, connections);
  const outbox = remembered(() => tickets.outbox());
  metrics.gauge(
    'turno_outbox_size',
    'Events that the broker does not have yet',
    async () => (await outbox())?.size ?? NaN,
  );
  metrics.gauge(
    'turno_outbox_oldest_age_seconds',
    'How long the oldest of them has been pending, in seconds',
    async () => {
      const known = await outbox();
      if (!known) return NaN;
      return known.oldest ? Math.max(0, (clock().getTime() - known.oldest.getTime()) / 1_000) : 0;
    },
  );
}
