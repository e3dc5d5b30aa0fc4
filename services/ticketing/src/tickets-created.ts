import type { Clock, Labelled, Metrics } from '@turno/shared';
import { Temporal } from 'temporal-polyfill';
import { highestTicketNumber } from './domain/queue-lane.ts';
import type { IssuedTicket } from './domain/ticket.ts';

/** Branches that are told apart; a network with more has its further ones together. */
const branchesAtMost = 200;
const queuesAtMost = 50;

type Latest = Pick<IssuedTicket, 'branchId' | 'queue' | 'number' | 'businessDay' | 'timeZone'>;

/**
 * What Prometheus is told of the tickets that this instance created: how many at each branch, and how many numbers their
 * queues have left. Where several instances number one queue, the least of what they say is right.
 */
export class TicketsCreated {
  readonly #counter;
  readonly #branches = new Set<string>();
  readonly #latest = new Map<string, Latest>();

  constructor(metrics: Metrics, clock: Clock) {
    this.#counter = metrics.counters('turno_tickets_created_total', 'Tickets created, by branch', ['branch']);
    metrics.gauges(
      'turno_queue_numbers_left',
      'Numbers that a queue has left today: the 50 queues with the fewest, of those that this instance gave a number in',
      ['branch', 'queue'],
      () => this.#numbersLeft(clock()),
    );
  }

  note({ branchId, queue, number, businessDay, timeZone }: IssuedTicket): void {
    this.#counter.inc({ branch: this.#labelOf(branchId) });
    const key = `${branchId}:${queue}`;
    const known = this.#latest.get(key);
    // Groups end in any order.
    if (known && (known.businessDay > businessDay || (known.businessDay === businessDay && known.number > number)))
      return;
    this.#latest.set(key, { branchId, queue, number, businessDay, timeZone });
  }

  #labelOf(branchId: string): string {
    if (this.#branches.size < branchesAtMost) this.#branches.add(branchId);
    return this.#branches.has(branchId) ? branchId : 'other';
  }

  #numbersLeft(now: Date): Labelled<'branch' | 'queue'>[] {
    const instant = Temporal.Instant.fromEpochMilliseconds(now.getTime());
    for (const [key, { businessDay, timeZone }] of this.#latest) {
      // Yesterday's queue has all its numbers again.
      if (businessDay < instant.toZonedDateTimeISO(timeZone).toPlainDate().toString()) this.#latest.delete(key);
    }
    return [...this.#latest.values()]
      .toSorted((a, b) => b.number - a.number)
      .slice(0, queuesAtMost)
      .map(({ branchId: branch, queue, number }) => ({
        labels: { branch, queue },
        value: highestTicketNumber - number,
      }));
  }
}
