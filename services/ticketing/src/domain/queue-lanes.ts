import type { Clock } from '@turno/shared';
import { GroupCommit } from './group-commit.ts';
import { QueueLane } from './queue-lane.ts';
import type { TicketStore } from './ticket-store.ts';
import { queueDayOf, type IssuedTicket, type QueueDay, type TicketDraft } from './ticket.ts';

/** The lanes of all queues, each made when its first ticket of the day comes and dropped when the day is over. */
export class QueueLanes {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #commit: GroupCommit;
  /** By branch and queue; yesterday's lane is replaced by today's. */
  readonly #lanes = new Map<string, { readonly businessDay: string; readonly lane: QueueLane }>();

  constructor(store: TicketStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#commit = new GroupCommit(store, clock);
  }

  /**
   * Gives the draft the next number of today's queue and stores it.
   *
   * @param deadline milliseconds since the epoch
   * @throws Refusal when the day's numbers are used up, the customer holds a ticket where one is allowed, or the request's
   *   key was used with another body
   * @throws OutcomeUnknown when the database did not say whether it stored the ticket
   */
  enter(draft: TicketDraft, deadline: number): Promise<IssuedTicket> {
    const lane = this.#laneOf(queueDayOf(draft, this.#clock()));
    return new Promise((resolve, reject) => this.#commit.enter({ draft, lane, deadline, resolve, reject }));
  }

  /** A ticket has left the queue: estimates from now on count one less. */
  noteCancelled({ branchId, queue, businessDay }: QueueDay): void {
    const known = this.#lanes.get(keyOf({ branchId, queue }));
    if (known?.businessDay === businessDay) known.lane.noteCancelled();
  }

  #laneOf(queueDay: QueueDay): QueueLane {
    const key = keyOf(queueDay);
    const known = this.#lanes.get(key);
    if (known?.businessDay === queueDay.businessDay) return known.lane;
    const lane = new QueueLane(queueDay, this.#store);
    this.#lanes.set(key, { businessDay: queueDay.businessDay, lane });
    return lane;
  }
}

function keyOf({ branchId, queue }: Pick<QueueDay, 'branchId' | 'queue'>): string {
  return `${branchId}:${queue}`;
}
