import type { FiguresStore } from '../domain/ticket-figures.ts';
import type { TicketModel } from './ticket-model.ts';

/** How many tickets and pending events there are. */
export class TicketFiguresRepository implements FiguresStore {
  readonly #model: TicketModel;

  constructor(model: TicketModel) {
    this.#model = model;
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

  async pendingEvents(limit: number) {
    const pending = { unpublishedSince: { $gt: new Date(0) } };
    const [size, oldest] = await Promise.all([
      this.#model.countDocuments(pending, { limit }),
      this.#model.findOne(pending, { unpublishedSince: 1 }).sort({ unpublishedSince: 1 }).lean(),
    ]);
    return { size, oldestSince: oldest?.unpublishedSince };
  }
}
