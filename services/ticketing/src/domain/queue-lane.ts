import type { TicketStore } from './ticket-store.ts';
import { issueTicket, type IssuedTicket, type QueueDay, type TicketDraft } from './ticket.ts';

export const highestTicketNumber = 9_999;
/** Cancellations by other instances are seen after so long, in milliseconds; those of this instance at once. */
const recountCancelledAfterMs = 1_000;

/**
 * One queue on one day, as one instance sees it: the number that comes next, and how many people wait.
 *
 * A number exists only with its ticket: the next one is the highest stored plus one, and a unique index refuses the slower
 * of two instances, which then looks again. So neither a crash nor a failed insert leaves a hole, as a counter of its own
 * would.
 */
export class QueueLane {
  readonly queueDay: QueueDay;
  readonly #store: TicketStore;
  #next: number | undefined;
  #cancelled = 0;
  /** When the cancelled tickets are to be counted again, by the clock of `performance`. */
  #recountAt = 0;
  #cancellationsNoted = 0;
  #countsBegun = 0;
  #countTaken = 0;

  constructor(queueDay: QueueDay, store: TicketStore) {
    this.queueDay = queueDay;
    this.#store = store;
  }

  /** Looks the next number up where it is not known. To be called before tickets are issued. */
  async refresh(): Promise<void> {
    if (this.#next !== undefined) return;
    const highest = await this.#store.highestNumber(this.queueDay);
    // Not over a number that has become known meanwhile.
    this.#next ??= highest + 1;
  }

  /** Whether its cancelled tickets are to be counted before tickets are issued. */
  isCountDue(now: number): boolean {
    return now >= this.#recountAt;
  }

  /**
   * Its cancelled tickets are about to be counted.
   *
   * @param now by the clock of `performance`
   * @returns what takes the count
   */
  beginCount(now: number): (cancelled: number) => void {
    const noted = this.#cancellationsNoted;
    const count = ++this.#countsBegun;
    return (cancelled) => {
      // One that began later has been taken meanwhile.
      if (count < this.#countTaken) return;
      this.#countTaken = count;
      this.#cancelled = cancelled;
      // A count that was under way when a ticket was cancelled may be without it.
      if (noted === this.#cancellationsNoted) this.#recountAt = now + recountCancelledAfterMs;
    };
  }

  /**
   * Gives the draft the number that is so many places after the next one.
   *
   * @returns undefined when the day's numbers are used up
   */
  issue(draft: TicketDraft, offset: number, now: Date): IssuedTicket | undefined {
    const number = this.#known() + offset;
    if (number > highestTicketNumber) return undefined;
    return issueTicket(draft, this.queueDay, { number, ahead: number - 1 - this.#cancelled }, now);
  }

  /** A ticket of this lane was stored under this number: the next one has the number after it. */
  noteStored(number: number): void {
    this.#next = number + 1;
  }

  /** Who knows what is stored: the next number is looked up again. */
  forgetNumbers(): void {
    this.#next = undefined;
  }

  /** A ticket of this lane was cancelled: the next estimates are made with a new count. */
  noteCancelled(): void {
    this.#cancellationsNoted++;
    this.#recountAt = 0;
  }

  #known(): number {
    if (this.#next === undefined) throw new Error('a lane is to be refreshed before it gives numbers');
    return this.#next;
  }
}
