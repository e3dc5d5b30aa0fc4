import type { IssuedTicket, QueueDay } from './ticket.ts';

/** What numbering needs of the store. The unique indexes behind it are what makes numbers unique. */
export interface TicketStore {
  /** The highest number given in this queue on this day, 0 when none was. */
  highestNumber(queueDay: QueueDay): Promise<number>;
  /** Stores tickets one after the other and stops at the first that cannot be stored. */
  insertInOrder(tickets: readonly IssuedTicket[]): Promise<InsertOutcome>;
  findByRequestKey(key: string): Promise<IssuedTicket | undefined>;
}

export interface InsertOutcome {
  /** So many were stored, from the first on. */
  readonly stored: number;
  /** Why the next one was not: another instance was faster with its number, or its request has its ticket already. */
  readonly conflict?: 'RACE_LOST' | 'REQUEST_REPEATED' | undefined;
}

/** Where tickets keep their pending events. */
export interface UnpublishedTickets {
  /** Tickets whose event is pending since before `time`, the oldest first. */
  unpublishedBefore(time: Date, limit: number): Promise<IssuedTicket[]>;
  markPublished(ids: readonly string[]): Promise<void>;
}
