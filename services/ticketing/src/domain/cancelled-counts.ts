import type { QueueLane } from './queue-lane.ts';
import type { TicketStore } from './ticket-store.ts';

/** A lane that gave no number for so long, in milliseconds, is not counted along with others. */
const inUseForMs = 60_000;
/** Who is due so soon is counted along, in milliseconds: otherwise lanes that began one by one would be due one by one for ever. */
const countedAheadMs = 500;
/** A count that is due so soon, in milliseconds, is taken before anybody has to wait for it. */
const nobodyWaitsForMs = 250;

/**
 * Keeps the counts of cancelled tickets that estimates are made with. When one lane's is due, those of all lanes in use
 * that are due soon come with it, by one query: so they fall due together, and a hundred queues cost what one does. Under load
 * nobody waits for it: of a lane in use the count is taken anew while the old one still holds.
 */
export class CancelledCounts {
  readonly #store: TicketStore;
  /** When each lane gave numbers last, by the clock of `performance`. */
  readonly #usedAt = new Map<QueueLane, number>();
  #isCountingAhead = false;

  constructor(store: TicketStore) {
    this.#store = store;
  }

  /**
   * To be called with the lanes that tickets are about to be issued in.
   *
   * @param now by the clock of `performance`
   */
  async refresh(lanes: readonly QueueLane[], now = performance.now()): Promise<void> {
    for (const lane of lanes) this.#usedAt.set(lane, now);
    if (lanes.some((lane) => lane.isCountDue(now))) await this.#count(now);
    else if (lanes.some((lane) => lane.isCountDue(now + nobodyWaitsForMs))) this.#countAhead(now);
  }

  /** One that fails is no matter: whoever comes when the count is due asks again. */
  #countAhead(now: number): void {
    if (this.#isCountingAhead) return;
    this.#isCountingAhead = true;
    this.#count(now)
      .catch(() => undefined)
      .finally(() => (this.#isCountingAhead = false));
  }

  async #count(now: number): Promise<void> {
    const due = this.#inUse(now).filter((lane) => lane.isCountDue(now + countedAheadMs));
    const takers = due.map((lane) => lane.beginCount(now));
    const counts = await this.#store.cancelledCounts(due.map(({ queueDay }) => queueDay));
    for (const [index, take] of takers.entries()) take(counts[index]!);
  }

  #inUse(now: number): QueueLane[] {
    for (const [lane, usedAt] of this.#usedAt) {
      if (now - usedAt > inUseForMs) this.#usedAt.delete(lane);
    }
    return [...this.#usedAt.keys()];
  }
}
