import type { Reach } from '../domain/access.ts';
import type { StandingTickets, WaitingLines } from '../domain/ticket-store.ts';
import type { QueueDay, StandingTicket, TicketChanges } from '../domain/ticket.ts';
import { cancelledTickets, highestNumbers, keyOf } from './queue-figures.ts';
import { countCancelled, newestFirst, toStandingTicket, type TicketModel } from './ticket-model.ts';

const standing = { cancelled: { $exists: false }, erasedAt: { $exists: false } };

/** Tickets after they were issued: read, changed, cancelled. */
export class StandingTicketRepository implements StandingTickets, WaitingLines {
  readonly #model: TicketModel;

  constructor(model: TicketModel) {
    this.#model = model;
  }

  async find(id: string, reach: Reach): Promise<StandingTicket | undefined> {
    const document = await this.#model.findOne({ _id: id, ...reach, ...standing }).lean();
    return document ? toStandingTicket(document) : undefined;
  }

  async heldBy(holder: string, reach: Reach, { offset, limit }: { offset: number; limit: number }) {
    const filter = { holder, ...reach, ...standing };
    const [documents, count] = await Promise.all([
      this.#model
        .find(filter)
        .sort({ ...newestFirst })
        .skip(offset)
        .limit(limit)
        .batchSize(limit)
        .lean(),
      this.#model.countDocuments(filter),
    ]);
    return { items: documents.map(toStandingTicket), count };
  }

  cancelledCount(queueDay: QueueDay, below?: number): Promise<number> {
    return countCancelled(this.#model, queueDay, below);
  }

  async change(id: string, reach: Reach, { status, phone }: TicketChanges, at: Date): Promise<boolean> {
    const changes = {
      ...(status !== undefined && { 'changes.status': status }),
      ...(phone !== undefined && { 'changes.phone': phone }),
      'changes.at': at,
    };
    const { matchedCount } = await this.#model.updateOne({ _id: id, ...reach, ...standing }, { $set: changes });
    return matchedCount === 1;
  }

  async cancel(id: string, reach: Reach, by: string, at: Date): Promise<QueueDay | undefined> {
    const mayBeCancelled = { _id: id, ...reach, $or: [standing, { 'cancelled.by': by }] };
    const ticket = await this.#model
      .findOneAndUpdate(mayBeCancelled, { $set: { cancelled: { at, by } }, $unset: { slot: 1 } })
      .select({ branchId: 1, queue: 1, businessDay: 1 })
      .lean();
    return ticket ? { branchId: ticket.branchId, queue: ticket.queue, businessDay: ticket.businessDay } : undefined;
  }

  async waiting(branchDays: readonly Omit<QueueDay, 'queue'>[]) {
    if (branchDays.length === 0) return [];
    const [highest, cancelled] = await Promise.all([
      highestNumbers(this.#model, branchDays),
      cancelledTickets(this.#model, branchDays),
    ]);
    const gone = new Map(cancelled.map(({ figure, ...queueDay }) => [keyOf(queueDay), figure]));
    const asked = new Set(branchDays.map(({ branchId, businessDay }) => `${branchId}/${businessDay}`));
    return highest
      .filter(({ branchId, businessDay }) => asked.has(`${branchId}/${businessDay}`))
      .map(({ figure, ...queueDay }) => ({ ...queueDay, tickets: figure - (gone.get(keyOf(queueDay)) ?? 0) }));
  }
}
