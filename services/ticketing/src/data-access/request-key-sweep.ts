import { Schema, type Connection } from 'mongoose';
import type { RequestKeys } from '../domain/erase-old-tickets.ts';
import { releasedKeyOf, ticketModel, type TicketModel } from './ticket-model.ts';

interface SweepDocument {
  /** What is swept. */
  readonly _id: 'request_keys';
  /** Of tickets that were created before this moment all is done. */
  readonly until: Date;
}

const schema = new Schema<SweepDocument>(
  { _id: { type: String, required: true }, until: { type: Date, required: true } },
  { strict: 'throw', versionKey: false, collection: 'sweeps' },
);

export function sweepModel(connection: Connection) {
  return connection.model('Sweep', schema);
}

/**
 * The keys and fingerprints of requests, as they are forgotten. How far that has come is kept: an index of those that are left
 * would be written with every ticket, and a look from the beginning would meet all tickets there are.
 */
export class RequestKeySweep implements RequestKeys {
  readonly #tickets: TicketModel;
  readonly #sweeps: ReturnType<typeof sweepModel>;

  constructor(connection: Connection) {
    this.#tickets = ticketModel(connection);
    this.#sweeps = sweepModel(connection);
  }

  async forget(olderThan: Date, limit: number): Promise<number> {
    const from = (await this.#sweeps.findById('request_keys').lean())?.until ?? new Date(0);
    const tickets = await this.#tickets
      .find({ createdAt: { $gte: from, $lt: olderThan }, 'request.fingerprint': { $exists: true } }, { createdAt: 1 })
      .sort({ createdAt: 1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    if (tickets.length > 0) {
      const writes = tickets.map(({ _id }) => ({ updateOne: { filter: { _id }, update: releasedKeyOf(_id) } }));
      await this.#tickets.bulkWrite(writes, { ordered: false });
    }
    const until = tickets.length < limit ? olderThan : tickets.at(-1)!.createdAt;
    // Of two instances the one that is further has it.
    if (until > from) await this.#sweeps.updateOne({ _id: 'request_keys' }, { $max: { until } }, { upsert: true });
    return tickets.length;
  }
}
