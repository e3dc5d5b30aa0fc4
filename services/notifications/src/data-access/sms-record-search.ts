import type { Handover } from '../domain/sms-figures.ts';
import type { SmsRecord, SmsState } from '../domain/sms-record.ts';
import { toRecord, type SmsRecordModel } from './sms-record-model.ts';

/** Which records are meant: those to which all of this applies. Erased ones never are. */
export interface SmsFilter {
  readonly ticketId?: string | undefined;
  readonly phone?: string | undefined;
  readonly state?: SmsState | undefined;
  /** Created at this moment or later. */
  readonly since?: Date | undefined;
}

/** The records as an operator looks for them. */
export class SmsRecordSearch {
  readonly #model: SmsRecordModel;

  constructor(model: SmsRecordModel) {
    this.#model = model;
  }

  async newest(filter: SmsFilter, limit: number): Promise<SmsRecord[]> {
    const found = this.#model.find(conditionOf(filter)).sort({ createdAt: -1 }).limit(limit).batchSize(limit);
    return (await found.lean()).map(toRecord);
  }

  /** @param limit where given, so many stand for that many or more */
  count(filter: SmsFilter, limit?: number): Promise<number> {
    return this.#model.countDocuments(conditionOf(filter), limit === undefined ? {} : { limit });
  }

  /** When the newest SMS of turns were handed over, those that were. */
  async handovers(since: Date, limit: number): Promise<Handover[]> {
    const documents = await this.#model
      .find({ createdAt: { $gte: since } }, { purpose: 1, createdAt: 1, askedAt: 1, handedOverAt: 1 })
      .sort({ createdAt: -1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    return documents.flatMap(({ purpose, createdAt, askedAt = createdAt, handedOverAt }) =>
      handedOverAt && purpose === 'turn' ? [{ askedAt, handedOverAt }] : [],
    );
  }

  /** The keys of all, the newest first. They may be moved on meanwhile. */
  async *keys(filter: SmsFilter): AsyncGenerator<string> {
    const cursor = this.#model.find(conditionOf(filter), { _id: 1 }).sort({ createdAt: -1 }).lean().cursor();
    for await (const { _id } of cursor) yield _id;
  }
}

function conditionOf({ ticketId, phone, state, since = new Date(0) }: SmsFilter) {
  return {
    ...(ticketId !== undefined && { ticketId }),
    ...(phone !== undefined && { to: phone }),
    ...(state !== undefined && { state }),
    createdAt: { $gte: since },
  };
}
