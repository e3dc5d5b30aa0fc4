import {
  exposeBroker,
  remembered,
  type BrokerConnection,
  type Clock,
  type Metrics,
  type RefusalReason,
} from '@turno/shared';
import type { FiguresStore } from './domain/ticket-figures.ts';

export interface Measured {
  readonly connections: readonly BrokerConnection[];
  readonly figures: Pick<FiguresStore, 'pendingEvents'>;
  readonly clock: Clock;
}

/** Counting more of them takes its time just when there is none. */
const countedEvents = 10_000;

/** What ticketing tells Prometheus about the broker and its pending events. */
export function exposeMetrics(metrics: Metrics, { connections, figures, clock }: Measured): void {
  exposeBroker(metrics, connections);
  const outbox = remembered(() => figures.pendingEvents(countedEvents));
  metrics.gauge(
    'turno_outbox_size',
    'Events that the broker does not have yet; 10,000 stands for that many or more',
    async () => (await outbox())?.size ?? NaN,
  );
  metrics.gauge(
    'turno_outbox_oldest_age_seconds',
    'How long the oldest of them has been pending, in seconds',
    async () => {
      const known = await outbox();
      if (!known) return NaN;
      return known.oldestSince ? Math.max(0, (clock().getTime() - known.oldestSince.getTime()) / 1_000) : 0;
    },
  );
}

const limits: Partial<Record<RefusalReason, string>> = {
  TOO_MANY_TICKETS_OF_PHONE: 'phone',
  TOO_MANY_TICKETS_OF_CUSTOMER: 'customer',
};

/** Counts the tickets that a limit refuses. */
export function countLimited(metrics: Metrics): (reason: RefusalReason) => void {
  const limited = metrics.counters(
    'turno_tickets_limited_total',
    'Tickets refused because their phone, or their customer, had taken too many',
    ['limit'],
  );
  for (const limit of Object.values(limits)) limited.inc({ limit }, 0);
  return (reason) => {
    const limit = limits[reason];
    if (limit !== undefined) limited.inc({ limit });
  };
}
