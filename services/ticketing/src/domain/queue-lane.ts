import { OutcomeUnknown, Refusal, type Clock } from '@turno/shared';
import { releaseExpiredKey, ticketOfEarlier } from './request-key.ts';
import type { InsertOutcome, TicketStore } from './ticket-store.ts';
import { issueTicket, type IssuedTicket, type QueueDay, type TicketDraft } from './ticket.ts';

export const highestTicketNumber = 9_999;
const maxGroupSize = 100;
/** Each lost race means that another instance got its numbers in, so somebody always gets on. */
const maxLostRaces = 50;
/** Cancellations by other instances are seen after so long, in milliseconds; those of this instance at once. */
const recountCancelledAfterMs = 1_000;

interface Entry {
  readonly draft: TicketDraft;
  /** Milliseconds since the epoch; past it the caller has given up. */
  readonly deadline: number;
  resolve(ticket: IssuedTicket): void;
  reject(error: unknown): void;
}

/**
 * One queue on one day, as one instance sees it: gives numbers in order of arrival, without gaps.
 *
 * A number exists only with its ticket: the next one is the highest stored plus one, and a unique index refuses the slower
 * of two instances, which then looks again. So neither a crash nor a failed insert leaves a hole, as a counter of its own
 * would. Drafts that wait while an insert is under way go in together with the next.
 */
export class QueueLane {
  readonly #queueDay: QueueDay;
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #waiting: Entry[] = [];
  #next: number | undefined;
  #cancelled: { readonly count: number; readonly at: number } | undefined;
  #working = false;

  constructor(queueDay: QueueDay, store: TicketStore, clock: Clock) {
    this.#queueDay = queueDay;
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Gives the draft the next number and stores it.
   *
   * @throws Refusal when the day's numbers are used up, or the request's key was used with another body
   * @throws OutcomeUnknown when the database did not say whether it stored the ticket
   */
  enter(draft: TicketDraft, deadline: number): Promise<IssuedTicket> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ draft, deadline, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  /** A ticket of this lane was cancelled: the next estimates are made with a new count. */
  noteCancelled(): void {
    this.#cancelled = undefined;
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      const group = this.#dropLate(this.#waiting.splice(0, maxGroupSize));
      await this.#commit(group).catch((error: unknown) => {
        this.#next = undefined;
        for (const entry of group) entry.reject(error);
      });
    }
    this.#working = false;
  }

  #dropLate(entries: Entry[]): Entry[] {
    const now = Date.now();
    return entries.filter((entry) => {
      if (entry.deadline >= now) return true;
      entry.reject(new OutcomeUnknown('the deadline passed before the ticket was begun'));
      return false;
    });
  }

  async #commit(group: readonly Entry[]): Promise<void> {
    let rest = [...group];
    let lostRaces = 0;
    while (rest.length > 0) {
      this.#next ??= (await this.#store.highestNumber(this.#queueDay)) + 1;
      rest = this.#refuseBeyondTheLast(rest, this.#next);
      if (rest.length === 0) return;
      const first = this.#next;
      const ahead = first - 1 - (await this.#cancelledCount());
      const tickets = rest.map(({ draft }, i) =>
        issueTicket(draft, this.#queueDay, { number: first + i, ahead: ahead + i }, this.#clock),
      );
      const { stored, conflict } = await this.#store.insertInOrder(tickets);
      for (const [i, entry] of rest.slice(0, stored).entries()) entry.resolve(tickets[i]!);
      rest = rest.slice(stored);
      this.#next = first + stored;
      if (!conflict) return;
      if (await this.#isSettled(rest[0]!, conflict)) rest.shift();
      else if (++lostRaces > maxLostRaces) throw new OutcomeUnknown('other instances were faster every time');
    }
  }

  /** Answers the entry that could not be stored. False when it has to be stored again. */
  async #isSettled(entry: Entry, conflict: NonNullable<InsertOutcome['conflict']>): Promise<boolean> {
    switch (conflict) {
      case 'SLOT_TAKEN':
        entry.reject(new Refusal('TICKET_ALREADY_HELD'));
        return true;
      case 'REQUEST_REPEATED':
        return this.#answerRepeat(entry);
      case 'RACE_LOST':
        this.#next = undefined;
        return false;
    }
  }

  #refuseBeyondTheLast(entries: Entry[], next: number): Entry[] {
    const left = Math.max(0, highestTicketNumber - next + 1);
    for (const entry of entries.slice(left)) entry.reject(new Refusal('NUMBERS_USED_UP'));
    return entries.slice(0, left);
  }

  async #cancelledCount(): Promise<number> {
    const now = performance.now();
    if (!this.#cancelled || now - this.#cancelled.at > recountCancelledAfterMs) {
      this.#cancelled = { count: await this.#store.cancelledCount(this.#queueDay), at: now };
    }
    return this.#cancelled.count;
  }

  /** False when the request's key is free again, its ticket being older than a key stands: the draft is stored anew. */
  async #answerRepeat({ draft: { request }, ...entry }: Entry): Promise<boolean> {
    try {
      const now = this.#clock();
      const ticket = await ticketOfEarlier(request, this.#store, now);
      if (ticket) entry.resolve(ticket);
      else await releaseExpiredKey(request, this.#store, now);
      return ticket !== undefined;
    } catch (error) {
      entry.reject(error);
      return true;
    }
  }
}
