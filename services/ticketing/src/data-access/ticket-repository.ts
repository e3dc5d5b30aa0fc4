import { answered, isDuplicateKey, isWriteConflict, writeErrorsOf, type WriteError } from '@turno/mongo';
import { isRecorded, noTracing, type Span, type Tracing } from '@turno/shared';
import type {
  InsertOutcome,
  PendingEvent,
  PublishedEvent,
  TicketStore,
  UnpublishedTickets,
} from '../domain/ticket-store.ts';
import type { IssuedTicket, QueueDay, TicketRequest } from '../domain/ticket.ts';
import { cancelledTickets, keyOf } from './queue-figures.ts';
import {
  releasedKeyOf,
  ticketIndexes,
  toStandingTicket,
  type TicketDocument,
  type TicketModel,
} from './ticket-model.ts';

/** Of all time zones the last one to begin a day is so far behind UTC. */
const westernmostMs = 12 * 60 * 60 * 1_000;

/**
 * Tickets while they are issued, and the events that were left behind. Those of all queues are numbered and stored one group after the other,
 * so that each step has to be answered in time.
 */
export class TicketRepository implements TicketStore, UnpublishedTickets {
  readonly #model: TicketModel;
  readonly #tracing: Tracing;

  constructor(model: TicketModel, tracing = noTracing) {
    this.#model = model;
    this.#tracing = tracing;
  }

  async highestNumber({ branchId, queue, businessDay }: QueueDay): Promise<number> {
    const last = await answered(
      this.#model.findOne({ branchId, queue, businessDay }, { number: 1 }).sort({ number: -1 }).lean(),
    );
    return last?.number ?? 0;
  }

  async cancelledCounts(queueDays: readonly QueueDay[]): Promise<number[]> {
    const figures = await answered(cancelledTickets(this.#model, queueDays));
    const gone = new Map(figures.map(({ figure, ...queueDay }) => [keyOf(queueDay), figure]));
    return queueDays.map((queueDay) => gone.get(keyOf(queueDay)) ?? 0);
  }

  async insertInOrder(tickets: readonly IssuedTicket[]): Promise<InsertOutcome> {
    const span = beginInsert(this.#tracing, tickets);
    try {
      await answered(this.#model.insertMany(tickets.map(toDocument), { ordered: true, lean: true }));
      span.end();
      return { stored: tickets.length };
    } catch (error) {
      span.end({ error: (error as Error).name });
      const [refused] = writeErrorsOf(error);
      const conflict = refused && conflictOf(refused);
      if (!conflict) throw error;
      return { stored: refused.index, conflict };
    }
  }

  async findByRequestKeys(keys: readonly string[]): Promise<IssuedTicket[]> {
    const found = this.#model.find({ 'request.key': { $in: keys } }).batchSize(keys.length);
    const documents = await answered(found.lean());
    return documents.map(toStandingTicket);
  }

  async takenSlots(slots: readonly string[]): Promise<string[]> {
    const found = this.#model.find({ slot: { $in: slots } }, { slot: 1 }).batchSize(slots.length);
    const documents = await answered(found.lean());
    return documents.flatMap(({ slot }) => slot ?? []);
  }

  async releaseRequestKey(ticketId: string): Promise<void> {
    await answered(this.#model.updateOne({ _id: ticketId }, releasedKeyOf(ticketId)));
  }

  async leaveBehind(ticketIds: readonly string[], createdBefore?: Date): Promise<string[]> {
    const age = createdBefore && { createdAt: { $lt: createdBefore } };
    const meant = { _id: { $in: ticketIds }, ...age, erasedAt: { $exists: false } };
    const found = await this.#model.find(meant, { createdAt: 1 }).batchSize(ticketIds.length).lean();
    const byAge = Map.groupBy(found, ({ createdAt }) => createdAt.getTime());
    const marks = [...byAge].map(([createdAt, of]) => ({
      updateMany: {
        filter: { _id: { $in: of.map(({ _id }) => _id) }, unpublishedSince: { $exists: false } },
        update: { $set: { unpublishedSince: new Date(createdAt) } },
      },
    }));
    if (marks.length > 0) await this.#model.bulkWrite(marks, { ordered: false });
    return found.map(({ _id }) => _id);
  }

  async unpublishedBefore(time: Date, limit: number): Promise<PendingEvent[]> {
    const documents = await this.#model
      .find({ unpublishedSince: { $lt: time } })
      .sort({ unpublishedSince: 1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    return documents.map((document) => ({ ticket: toStandingTicket(document), since: document.unpublishedSince! }));
  }

  async markPublished(events: readonly PublishedEvent[]): Promise<void> {
    const bySince = Map.groupBy(events, ({ since }) => since.getTime());
    const marks = [...bySince].map(([since, of]) => ({
      updateMany: {
        filter: { _id: { $in: of.map(({ ticketId }) => ticketId) }, unpublishedSince: new Date(since) },
        update: { $unset: { unpublishedSince: 1 } },
      },
    }));
    await this.#model.bulkWrite(marks, { ordered: false });
  }

  async markUnpublished(createdSince: Date, now: Date): Promise<number> {
    let count = 0;
    // One queue day at a time: all at once would take longer than an operation may.
    for (const queueDay of await this.#queueDaysSince(createdSince)) {
      const createdThen = { ...queueDay, createdAt: { $gte: createdSince }, erasedAt: { $exists: false } };
      const { modifiedCount } = await this.#model.updateMany(createdThen, { $set: { unpublishedSince: now } });
      count += modifiedCount;
    }
    return count;
  }

  /** Those that a ticket created since then can be in. */
  async #queueDaysSince(time: Date): Promise<QueueDay[]> {
    const firstDay = new Date(time.getTime() - westernmostMs).toISOString().slice(0, '2017-02-20'.length);
    const rows = await this.#model.aggregate<{ _id: QueueDay }>([
      { $match: { businessDay: { $gte: firstDay } } },
      { $group: { _id: { businessDay: '$businessDay', branchId: '$branchId', queue: '$queue' } } },
    ]);
    return rows.map(({ _id }) => _id);
  }
}

/** One insert for many requests: a part of the first recorded trace, with links to the others. */
function beginInsert(tracing: Tracing, tickets: readonly IssuedTicket[]): Span {
  const [parent, ...links] = tickets.flatMap(({ request: { trace } }) => (trace && isRecorded(trace) ? trace : []));
  const attributes = {
    'db.system.name': 'mongodb',
    'db.operation.name': 'insert',
    'db.collection.name': 'tickets',
    'db.operation.batch.size': tickets.length,
  };
  return tracing.begin({ name: 'insert tickets', kind: 'client', parent, links, attributes });
}

function conflictOf(refused: WriteError): InsertOutcome['conflict'] {
  if (isDuplicateKey(refused, ticketIndexes.request)) return 'REQUEST_REPEATED';
  if (isDuplicateKey(refused, ticketIndexes.slot)) return 'SLOT_TAKEN';
  return isDuplicateKey(refused, ticketIndexes.number) || isWriteConflict(refused) ? 'RACE_LOST' : undefined;
}

function toDocument({ id, request, ...rest }: IssuedTicket): TicketDocument {
  const stored = request.trace && !isRecorded(request.trace) ? withoutTrace(request) : request;
  return { _id: id, ...rest, request: stored, changes: undefined };
}

/** One that nobody records is of use to log lines of the moment alone. */
function withoutTrace({ trace: _trace, ...request }: TicketRequest): TicketRequest {
  return request;
}
