import type { Clock, TicketFigures } from '@turno/shared';
import type { CatalogueIndex } from './catalogue-index.ts';

export interface FiguresStore {
  /** Tickets created since then by branch and minute, the newest `limit` tickets at most. */
  createdSince(since: Date, limit: number): Promise<TicketsOfMinute[]>;
  /** @param limit a size of so many stands for that many or more */
  pendingEvents(limit: number): Promise<{ readonly size: number; readonly oldestSince: Date | undefined }>;
}

export interface TicketsOfMinute {
  readonly branchId: string;
  /** When the minute begins. */
  readonly minute: Date;
  readonly tickets: number;
}

export interface TicketFiguresDependencies {
  readonly store: FiguresStore;
  readonly catalogue: () => CatalogueIndex;
  readonly clock: Clock;
  /** Tickets looked at for one answer, at most. */
  readonly mostTickets?: number;
}

const minuteMs = 60_000;
const minutes = 60;
const namedBranches = 20;
const mostPending = 10_000;

/** Tickets by branch; undefined for a minute that had too many to count. */
type Counts = ReadonlyMap<string, number> | undefined;

/**
 * Tickets per minute and branch in the last hour, and the outbox. A minute that has been over for a minute is counted once
 * and remembered: whoever asks every other second makes the database count the newest two minutes only.
 */
export function ticketFiguresUseCase(dependencies: TicketFiguresDependencies) {
  const { store, catalogue, clock, mostTickets = 100_000 } = dependencies;
  const counted = new Map<number, Counts>();
  let finalUpTo = 0;

  return async function ticketFigures(): Promise<TicketFigures> {
    const now = clock().getTime();
    const first = startOfMinute(now) - (minutes - 1) * minuteMs;
    const [, outbox] = await Promise.all([count(now, first), store.pendingEvents(mostPending)]);
    const window = Array.from({ length: minutes }, (_, i) => counted.get(first + i * minuteMs));
    const busiest = busiestFirst(window);
    return {
      since: new Date(first).toISOString(),
      branches: busiest.slice(0, namedBranches).map((id) => ({
        id,
        name: nameOf(id),
        per_minute: window.map((counts) => (counts ? (counts.get(id) ?? 0) : null)),
      })),
      others_per_minute: window.map((counts) => (counts ? sumOf(counts, busiest.slice(namedBranches)) : null)),
      outbox: {
        size: outbox.size,
        ...(outbox.oldestSince && { oldest_since: outbox.oldestSince.toISOString() }),
      },
    };
  };

  async function count(now: number, first: number): Promise<void> {
    const from = Math.max(first, finalUpTo);
    const rows = await store.createdSince(new Date(from), mostTickets);
    const byMinute = Map.groupBy(rows, ({ minute }) => minute.getTime());
    const isCut = rows.reduce((sum, { tickets }) => sum + tickets, 0) >= mostTickets;
    const completeFrom = isCut ? Math.min(...byMinute.keys()) + minuteMs : from;
    for (let minute = from; minute <= now; minute += minuteMs) {
      const of = byMinute.get(minute) ?? [];
      counted.set(minute, minute < completeFrom ? undefined : new Map(of.map((row) => [row.branchId, row.tickets])));
    }
    // A clock may have been set back meanwhile, as in a test.
    finalUpTo = startOfMinute(now - minuteMs);
    for (const minute of counted.keys()) if (minute < first || minute > now) counted.delete(minute);
  }

  function nameOf(branchId: string): string {
    return catalogue().catalogue.branches.find(({ id }) => id === branchId)?.short_name ?? branchId;
  }
}

function startOfMinute(ms: number): number {
  return ms - (ms % minuteMs);
}

function busiestFirst(window: readonly Counts[]): string[] {
  const totals = new Map<string, number>();
  for (const counts of window) {
    for (const [id, tickets] of counts ?? []) totals.set(id, (totals.get(id) ?? 0) + tickets);
  }
  return [...totals].toSorted(([a, of], [b, and]) => and - of || a.localeCompare(b)).map(([id]) => id);
}

function sumOf(counts: ReadonlyMap<string, number>, branchIds: readonly string[]): number {
  return branchIds.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
}
