import type { Clock } from '@turno/shared';
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

  constructor(queueDay: QueueDay, store: TicketStore) {
    this.queueDay = queueDay;
    this.#store = store;
  }

  /** Looks up what is not known, or not known recently. To be called before tickets are issued. */
  async refresh(): Promise<void> {
    await Promise.all([this.#refreshNext(), this.#refreshCancelled()]);
  }

  /**
   * Gives the draft the number that is so many places after the next one.
   *
   * @returns undefined when the day's numbers are used up
   */
  issue(draft: TicketDraft, offset: number, clock: Clock): IssuedTicket | undefined {
    const number = this.#known() + offset;
    if (number > highestTicketNumber) return undefined;
    return issueTicket(draft, this.queueDay, { number, ahead: number - 1 - this.#cancelled }, clock);
  }

  /** A ticket of this lane was stored: the next one has another number. */
  noteStored(): void {
    this.#next = this.#known() + 1;
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

  async #refreshNext(): Promise<void> {
    this.#next ??= (await this.#store.highestNumber(this.queueDay)) + 1;
  }

  async #refreshCancelled(): Promise<void> {
    const now = performance.now();
    if (now < this.#recountAt) return;
    const noted = this.#cancellationsNoted;
    this.#cancelled = await this.#store.cancelledCount(this.queueDay);
    // A count that was under way when a ticket was cancelled may be without it.
    if (noted === this.#cancellationsNoted) this.#recountAt = now + recountCancelledAfterMs;
  }
}
