import { answered } from '@turno/mongo';
import type { RecentTickets } from '../domain/ticket-limits.ts';
import type { TicketModel } from './ticket-model.ts';

/** Who took tickets of late, for the limits on them. */
export class RecentTicketRepository implements RecentTickets {
  readonly #model: TicketModel;

  constructor(model: TicketModel) {
    this.#model = model;
  }

  ofPhone(phone: string, since: Date, limit: number): Promise<Date[]> {
    return this.#created({ 'issued.phone': phone }, since, limit);
  }

  ofHolder(holder: string, since: Date, limit: number): Promise<Date[]> {
    return this.#created({ holder }, since, limit);
  }

  async #created(whose: Readonly<Record<string, string>>, since: Date, limit: number): Promise<Date[]> {
    const found = this.#model
      .find({ ...whose, createdAt: { $gt: since } }, { createdAt: 1, _id: 0 })
      .sort({ createdAt: -1 })
      .limit(limit)
      .batchSize(limit);
    const documents = await answered(found.lean());
    return documents.map(({ createdAt }) => createdAt);
  }
}
