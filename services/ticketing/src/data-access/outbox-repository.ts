import { answered } from '@turno/mongo';
import { Schema, type Connection } from 'mongoose';
import type { OutboxPages, StoredPage } from '../domain/outbox.ts';

interface PageDocument {
  readonly _id: string;
  readonly ticketIds: string[];
  readonly openedAt: Date;
}

const schema = new Schema<PageDocument>(
  {
    _id: { type: String, required: true },
    ticketIds: { type: [String], required: true },
    openedAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, collection: 'outbox_pages' },
);

export function outboxPageModel(connection: Connection) {
  return connection.model('OutboxPage', schema);
}

/** The pages of the outbox. Few are there at a time, so that no index is wanted. */
export class OutboxRepository implements OutboxPages {
  readonly #model: ReturnType<typeof outboxPageModel>;

  constructor(connection: Connection) {
    this.#model = outboxPageModel(connection);
  }

  async open({ id: _id, ticketIds, openedAt }: StoredPage): Promise<void> {
    await answered(this.#model.insertMany([{ _id, ticketIds, openedAt }], { lean: true }));
  }

  async strike(pageId: string, ticketIds: readonly string[]): Promise<void> {
    await this.#model.updateOne({ _id: pageId }, { $pullAll: { ticketIds } });
  }

  async close(pageId: string): Promise<void> {
    await this.#model.deleteOne({ _id: pageId });
  }

  async others(than: readonly string[], limit: number): Promise<StoredPage[]> {
    const pages = this.#model
      .find({ _id: { $nin: than } })
      .sort({ openedAt: 1 })
      .limit(limit)
      .batchSize(limit);
    return (await pages.lean()).map(({ _id: id, ...rest }) => ({ id, ...rest }));
  }

  /** All ids that are on a page. */
  async unsettled(): Promise<string[]> {
    const pages = await this.#model.find({}, { ticketIds: 1 }).batchSize(1_000).lean();
    return pages.flatMap(({ ticketIds }) => ticketIds);
  }

  /** Strikes ids off whichever page they are on. */
  async forget(ticketIds: readonly string[]): Promise<void> {
    await this.#model.updateMany({ ticketIds: { $in: ticketIds } }, { $pullAll: { ticketIds } });
  }
}
