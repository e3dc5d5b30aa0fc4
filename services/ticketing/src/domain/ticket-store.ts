import type { Reach } from './access.ts';
import type { IssuedTicket, QueueDay, StandingTicket, TicketChanges } from './ticket.ts';

/** What numbering needs of the store. The unique indexes behind it are what makes numbers unique. */
export interface TicketStore {
  /** The highest number given in this queue on this day, 0 when none was. */
  highestNumber(queueDay: QueueDay): Promise<number>;
  /** How many tickets of each queue day were cancelled, in their order. */
  cancelledCounts(queueDays: readonly QueueDay[]): Promise<number[]>;
  /** Stores tickets one after the other and stops at the first that cannot be stored. */
  insertInOrder(tickets: readonly IssuedTicket[]): Promise<InsertOutcome>;
  /** The tickets of those of the requests that have one. */
  findByRequestKeys(keys: readonly string[]): Promise<IssuedTicket[]>;
  /** Those of the slots that a ticket holds. */
  takenSlots(slots: readonly string[]): Promise<string[]>;
  /** Takes the request's key off a ticket whose key has expired, so that it can stand for a new request. */
  releaseRequestKey(ticketId: string): Promise<void>;
}

export interface InsertOutcome {
  /** So many were stored, from the first on. */
  readonly stored: number;
  /** Why the next one was not. */
  readonly conflict?: Conflict | undefined;
}

/**
 * Why a ticket cannot be stored: another instance was faster with its number, its request has its ticket already, or the
 * customer holds a ticket for the service.
 */
export type Conflict = 'RACE_LOST' | 'REQUEST_REPEATED' | 'SLOT_TAKEN';

/** Tickets as they stand. A cancelled ticket is not to be found, nor is one out of reach. */
export interface StandingTickets {
  find(id: string, reach: Reach): Promise<StandingTicket | undefined>;
  /** The holder's tickets, newest first. */
  heldBy(
    holder: string,
    reach: Reach,
    part: { offset: number; limit: number },
  ): Promise<{ items: StandingTicket[]; count: number }>;
  /** How many tickets of this queue day were cancelled; with `below`, of those with a lower number. */
  cancelledCount(queueDay: QueueDay, below?: number): Promise<number>;
  /** @returns false when there is no such ticket */
  change(id: string, reach: Reach, changes: TicketChanges, at: Date): Promise<boolean>;
  /**
   * Cancels a ticket and gives its slot back.
   *
   * @param by the key of the request: the same one finds its own cancellation again
   * @returns the queue day that the ticket was in, undefined when there is no such ticket
   */
  cancel(id: string, reach: Reach, by: string, at: Date): Promise<QueueDay | undefined>;
}

/** How many tickets wait, by queue. */
export interface WaitingLines {
  /** Tickets that wait in the queues of these branches on their business days; a queue without any is left out. */
  waiting(branchDays: readonly Omit<QueueDay, 'queue'>[]): Promise<(QueueDay & { readonly tickets: number })[]>;
}

/** A ticket whose event was left behind. */
export interface PendingEvent {
  readonly ticket: IssuedTicket;
  readonly since: Date;
}

/** What tells one pending event from another of the same ticket, which is pending again. */
export interface PublishedEvent {
  readonly ticketId: string;
  /** Since when it was pending. */
  readonly since: Date;
}

/** Tickets whose events were left behind, as by a crash or while the broker was away. */
export interface UnpublishedTickets {
  /**
   * Marks the events of those of the tickets that are there as left behind.
   *
   * @param createdBefore younger tickets are left alone
   * @returns the ids of those that are there
   */
  leaveBehind(ticketIds: readonly string[], createdBefore?: Date): Promise<string[]>;
  /** Events that are pending since before `time`, the oldest first. */
  unpublishedBefore(time: Date, limit: number): Promise<PendingEvent[]>;
  /** A ticket whose event has become pending anew meanwhile is left as it is. */
  markPublished(events: readonly PublishedEvent[]): Promise<void>;
  /**
   * Makes the events of all tickets created since `createdSince` pending, also those that are: whoever is publishing one
   * of them at this moment may be publishing it to a queue that is gone.
   *
   * @returns how many
   */
  markUnpublished(createdSince: Date, now: Date): Promise<number>;
}
