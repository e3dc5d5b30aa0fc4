import { byText, inGroups, OutcomeUnknown, Refusal, type Clock } from '@turno/shared';
import { CancelledCounts } from './cancelled-counts.ts';
import type { QueueLane } from './queue-lane.ts';
import { hasExpired, ticketOfRepeat } from './request-key.ts';
import type { Conflict, TicketStore } from './ticket-store.ts';
import type { IssuedTicket, TicketDraft } from './ticket.ts';

/** Each lost race means that another instance got its numbers in, so somebody always gets on. */
const maxFruitlessInserts = 50;

/** A draft on its way to become a ticket. */
export interface Entry {
  readonly draft: TicketDraft;
  readonly lane: QueueLane;
  /** Milliseconds since the epoch; past it the caller has given up. */
  readonly deadline: number;
  readonly resolve: (ticket: IssuedTicket) => void;
  readonly reject: (error: unknown) => void;
}

/** An entry with the ticket that it is to become. */
interface Numbered {
  readonly entry: Entry;
  readonly ticket: IssuedTicket;
}

/**
 * Stores drafts as tickets: whoever waits while an insert is under way goes in together with the next, whichever the lanes.
 * A lone draft waits for nobody. Each lane has its numbers in order of arrival, and a draft that cannot be stored costs
 * those beside it another insert, and nothing else.
 */
export class GroupCommit {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #cancelled: CancelledCounts;
  readonly #enter = inGroups((group: readonly Entry[]) => this.#commit(dropLate(group)), {
    order: byLane,
    spacingMs: 5,
  });

  constructor(store: TicketStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#cancelled = new CancelledCounts(store);
  }

  enter(entry: Entry): void {
    this.#enter(entry).catch(entry.reject);
  }

  async #commit(group: readonly Entry[]): Promise<[]> {
    try {
      await this.#storeAll(group);
      return [];
    } catch (error) {
      // Before the next group begins: nobody knows which of the numbers are stored.
      for (const { lane } of group) lane.forgetNumbers();
      throw error;
    }
  }

  async #storeAll(group: readonly Entry[]): Promise<void> {
    let rest = group;
    for (let fruitless = 0; fruitless < maxFruitlessInserts;) {
      await this.#refresh([...new Set(rest.map(({ lane }) => lane))]);
      // Looking up may have taken long, and whoever has given up is not to get a ticket.
      const numbered = this.#issue(dropLate(rest));
      if (numbered.length === 0) return;
      const { stored, conflict } = await this.#store.insertInOrder(numbered.map(({ ticket }) => ticket));
      for (const { entry, ticket } of numbered.slice(0, stored)) {
        entry.lane.noteStored(ticket.number);
        entry.resolve(ticket);
      }
      if (!conflict) return;
      rest = await this.#settle(numbered.slice(stored), conflict);
      fruitless = rest.length < numbered.length ? 0 : fruitless + 1;
    }
    throw new OutcomeUnknown('other instances were faster every time');
  }

  /**
   * Looks up what numbering needs. Waits for all of it also when a part fails: an answer that came late would be taken for the
   * newest.
   */
  async #refresh(lanes: readonly QueueLane[]): Promise<void> {
    const looked = [this.#cancelled.refresh(lanes), ...lanes.map((lane) => lane.refresh())];
    await Promise.allSettled(looked);
    await Promise.all(looked);
  }

  /**
   * Numbers each lane's drafts in their order, and refuses those beyond the last number. All are issued at one moment: so
   * one statement marks those that are left behind.
   */
  #issue(entries: readonly Entry[]): Numbered[] {
    const now = this.#clock();
    const issued = new Map<QueueLane, number>();
    return entries.flatMap((entry) => {
      const offset = issued.get(entry.lane) ?? 0;
      const ticket = entry.lane.issue(entry.draft, offset, now);
      if (!ticket) entry.reject(new Refusal('NUMBERS_USED_UP'));
      else issued.set(entry.lane, offset + 1);
      return ticket ? [{ entry, ticket }] : [];
    });
  }

  /**
   * Answers all that will never be stored for the reason that the first was not.
   *
   * @returns those that are to be stored still
   */
  async #settle(rest: readonly Numbered[], conflict: Conflict): Promise<readonly Entry[]> {
    switch (conflict) {
      case 'SLOT_TAKEN':
        return this.#refuseHolders(rest);
      case 'REQUEST_REPEATED':
        return this.#answerRepeats(rest.map(({ entry }) => entry));
      case 'RACE_LOST':
        // Where one lane has lost a race, others may have: all look again together, not one conflict at a time.
        for (const { entry } of rest) entry.lane.forgetNumbers();
        return rest.map(({ entry }) => entry);
    }
  }

  async #refuseHolders(rest: readonly Numbered[]): Promise<readonly Entry[]> {
    const slots = rest.flatMap(({ ticket }) => ticket.slot ?? []);
    const taken = new Set(await this.#store.takenSlots(slots));
    return rest.flatMap(({ entry, ticket }) => {
      if (ticket.slot === undefined || !taken.has(ticket.slot)) return entry;
      entry.reject(new Refusal('TICKET_ALREADY_HELD'));
      return [];
    });
  }

  /** Those whose key is free again, their ticket being older than a key stands, are stored anew. */
  async #answerRepeats(rest: readonly Entry[]): Promise<readonly Entry[]> {
    const found = await this.#store.findByRequestKeys(rest.map(({ draft }) => draft.request.key));
    const now = this.#clock();
    const expired = found.filter((ticket) => hasExpired(ticket, now));
    for (const { id } of expired) await this.#store.releaseRequestKey(id);
    const standing = new Map(
      found.filter((ticket) => !hasExpired(ticket, now)).map((ticket) => [ticket.request.key, ticket]),
    );
    return rest.filter((entry) => {
      const ticket = standing.get(entry.draft.request.key);
      if (ticket) answerRepeat(entry, ticket);
      return !ticket;
    });
  }
}

/**
 * One order of the lanes for all instances; it leaves that within a lane. A database that stores a command as a whole holds each
 * number until the end: two instances with the same two lanes, each in another order, would wait for one another.
 */
function byLane({ lane: { queueDay: a } }: Entry, { lane: { queueDay: b } }: Entry): number {
  return byText(a.branchId, b.branchId) || byText(a.queue, b.queue) || byText(a.businessDay, b.businessDay);
}

function answerRepeat({ draft, resolve, reject }: Entry, ticket: IssuedTicket): void {
  try {
    resolve(ticketOfRepeat(draft.request, ticket));
  } catch (error) {
    reject(error);
  }
}

function dropLate(entries: readonly Entry[]): Entry[] {
  const now = Date.now();
  return entries.filter(({ deadline, reject }) => {
    if (deadline >= now) return true;
    reject(new OutcomeUnknown('the deadline passed before the ticket was begun'));
    return false;
  });
}
