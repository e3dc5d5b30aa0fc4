import { mask, withoutPhones, type BreakerState, type Clock, type SmsFigures } from '@turno/shared';
import { smsStates, type SmsRecord, type SmsState } from './sms-record.ts';

/** Of one SMS. */
export interface Handover {
  readonly askedAt: Date;
  readonly handedOverAt: Date;
}

export interface SmsFiguresStore {
  newest(filter: object, limit: number): Promise<SmsRecord[]>;
  count(filter: { readonly state: SmsState; readonly since: Date }, limit: number): Promise<number>;
  handovers(since: Date, limit: number): Promise<Handover[]>;
}

/** A provider behind its guard. */
export interface WatchedProvider {
  readonly name: string;
  readonly breakerState: BreakerState;
  readonly waiting: number;
}

export interface SmsFiguresDependencies {
  readonly store: SmsFiguresStore;
  /** The first one and, where there is one, the fallback. */
  readonly providers: readonly WatchedProvider[];
  readonly isFallbackInUse: () => boolean;
  readonly clock: Clock;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
const mostCounted = 10_000;
const mostHandovers = 1_000;
const listed = 50;

/** How the SMS of the last hour are doing. */
export function smsFiguresUseCase({ store, providers, isFallbackInUse, clock }: SmsFiguresDependencies) {
  return async function smsFigures(): Promise<SmsFigures> {
    const since = new Date(clock().getTime() - hourMs);
    const [newest, handovers, ...counts] = await Promise.all([
      store.newest({}, listed),
      store.handovers(since, mostHandovers),
      ...smsStates.map((state) => store.count({ state, since }, mostCounted)),
    ]);
    return {
      counts: Object.fromEntries(smsStates.map((state, i) => [state, counts[i] ?? 0])),
      handover: byMinute(handovers),
      newest: newest.map(inList),
      providers: providers.map(({ name, breakerState: breaker, waiting }) => ({ name, breaker, waiting })),
      fallback_in_use: isFallbackInUse(),
    };
  };
}

/** Percentiles of the minutes that have any, in their order. */
export function byMinute(handovers: readonly Handover[]): SmsFigures['handover'] {
  const minutes = Map.groupBy(handovers, ({ askedAt }) => Math.floor(askedAt.getTime() / minuteMs));
  return [...minutes]
    .toSorted(([a], [b]) => a - b)
    .map(([minute, of]) => {
      const took = of
        .map(({ askedAt, handedOverAt }) => Math.max(0, handedOverAt.getTime() - askedAt.getTime()))
        .toSorted((a, b) => a - b);
      return {
        minute: new Date(minute * minuteMs).toISOString(),
        sms: took.length,
        p50: percentile(took, 0.5),
        p95: percentile(took, 0.95),
      };
    });
}

/** The nearest rank. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

function inList(record: SmsRecord): SmsFigures['newest'][number] {
  const { ticketId, to, purpose, state, since, createdAt, provider, reason, attempt } = record;
  return {
    ticket_id: ticketId,
    to: mask(to),
    purpose,
    state,
    since: since.toISOString(),
    created_at: createdAt.toISOString(),
    attempt,
    ...(provider !== undefined && { provider }),
    ...(reason !== undefined && { reason: withoutPhones(reason) }),
  };
}
