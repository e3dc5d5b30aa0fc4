import type { FiguresStore } from '../domain/ticket-figures.ts';
import type { OutboxRepository } from './outbox-repository.ts';
import { pendingEvents } from './pending-events.ts';
import type { TicketModel } from './ticket-model.ts';

/** How many tickets and pending events there are. */
export class TicketFiguresRepository implements FiguresStore {
  readonly #model: TicketModel;
  readonly #outbox: OutboxRepository;

  constructor(model: TicketModel, outbox: OutboxRepository) {
    this.#model = model;
    this.#outbox = outbox;
  }

  async createdSince(since: Date, limit: number) {
    const rows = await this.#model
      .aggregate<{ _id: { branchId: string; minute: Date }; tickets: number }>([
        { $match: { createdAt: { $gte: since } } },
        { $sort: { createdAt: -1 } },
        { $limit: limit },
        { $project: { _id: 0, createdAt: 1, branchId: 1 } },
        {
          $group: {
            _id: { branchId: '$branchId', minute: { $dateTrunc: { date: '$createdAt', unit: 'minute' } } },
            tickets: { $sum: 1 },
          },
        },
      ])
      .option({ batchSize: 10_000 });
    return rows.map(({ _id: { branchId, minute }, tickets }) => ({ branchId, minute, tickets }));
  }

  pendingEvents(limit: number) {
    return pendingEvents(this.#model, this.#outbox, limit);
  }
}
