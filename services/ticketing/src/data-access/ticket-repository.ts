import { isDuplicateKey, isWriteConflict } from '@turno/mongo';
import type { InsertOutcome, TicketStore, UnpublishedTickets } from '../domain/ticket-store.ts';
import type { IssuedTicket, QueueDay } from '../domain/ticket.ts';
import {
  countCancelled,
  ticketIndexes,
  toStandingTicket,
  type TicketDocument,
  type TicketModel,
} from './ticket-model.ts';

/** The driver's error for a bulk write of which a part was refused. */
interface BulkWriteError {
  readonly writeErrors: readonly { readonly index: number; readonly code: number; readonly errmsg?: string }[];
}

/** Tickets while they are issued, and their pending events. */
export class TicketRepository implements TicketStore, UnpublishedTickets {
  readonly #model: TicketModel;

  constructor(model: TicketModel) {
    this.#model = model;
  }

  async highestNumber({ branchId, queue, businessDay }: QueueDay): Promise<number> {
    const last = await this.#model.findOne({ branchId, queue, businessDay }, { number: 1 }).sort({ number: -1 }).lean();
    return last?.number ?? 0;
  }

  cancelledCount(queueDay: QueueDay): Promise<number> {
    return countCancelled(this.#model, queueDay);
  }

  async insertInOrder(tickets: readonly IssuedTicket[]): Promise<InsertOutcome> {
    try {
      await this.#model.insertMany(tickets.map(toDocument), { ordered: true, lean: true });
      return { stored: tickets.length };
    } catch (error) {
      const refused = (error as Partial<BulkWriteError>).writeErrors?.[0];
      const conflict = refused && conflictOf(refused);
      if (!conflict) throw error;
      return { stored: refused.index, conflict };
    }
  }

  async findByRequestKey(key: string): Promise<IssuedTicket | undefined> {
    const document = await this.#model.findOne({ 'request.key': key }).lean();
    return document ? toStandingTicket(document) : undefined;
  }

  async releaseRequestKey(ticketId: string): Promise<void> {
    await this.#model.updateOne({ _id: ticketId }, { $set: { 'request.key': `expired:${ticketId}` } });
  }

  async unpublishedBefore(time: Date, limit: number): Promise<IssuedTicket[]> {
    const documents = await this.#model
      .find({ unpublishedSince: { $lt: time } })
      .sort({ unpublishedSince: 1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    return documents.map(toStandingTicket);
  }

  async markPublished(ids: readonly string[]): Promise<void> {
    await this.#model.updateMany({ _id: { $in: ids } }, { $unset: { unpublishedSince: 1 } });
  }
}

function conflictOf(refused: BulkWriteError['writeErrors'][number]): InsertOutcome['conflict'] {
  if (isDuplicateKey(refused, ticketIndexes.request)) return 'REQUEST_REPEATED';
  if (isDuplicateKey(refused, ticketIndexes.slot)) return 'SLOT_TAKEN';
  return isDuplicateKey(refused, ticketIndexes.number) || isWriteConflict(refused) ? 'RACE_LOST' : undefined;
}

function toDocument({ id, ...rest }: IssuedTicket): TicketDocument {
  return { _id: id, ...rest, changes: undefined, unpublishedSince: rest.createdAt };
}
