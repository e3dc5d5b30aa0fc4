import { isDuplicateKey } from '@turno/mongo';
import { Schema, type Connection } from 'mongoose';
import type { SmsEncoding, SmsPurpose } from '../domain/sms-record.ts';

/** A message in the development inbox. */
export interface InboxMessage {
  readonly key: string;
  readonly to: string;
  readonly text: string;
  readonly segments: number;
  readonly encoding: SmsEncoding;
  readonly purpose: SmsPurpose;
  readonly ticketId: string;
  readonly sentAt: Date;
}

interface InboxDocument extends Omit<InboxMessage, 'key'> {
  readonly _id: string;
}

const schema = new Schema<InboxDocument>(
  {
    _id: { type: String, required: true },
    to: { type: String, required: true },
    text: { type: String, required: true },
    segments: { type: Number, required: true },
    encoding: { type: String, required: true },
    purpose: { type: String, required: true },
    ticketId: { type: String, required: true },
    sentAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, collection: 'inbox' },
);
schema.index({ sentAt: -1 }, { name: 'newest_first' });

export type InboxModel = ReturnType<typeof inboxModel>;

export function inboxModel(connection: Connection) {
  return connection.model('InboxMessage', schema);
}

export class InboxRepository {
  readonly #model: InboxModel;

  constructor(model: InboxModel) {
    this.#model = model;
  }

  /** Keeps a message, once: a second one under the same key is the first. */
  async keep({ key, ...rest }: InboxMessage): Promise<void> {
    try {
      await this.#model.insertOne({ _id: key, ...rest });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async newest(limit: number): Promise<InboxMessage[]> {
    // True of every message: without a condition DocumentDB would read the whole collection to sort it.
    const always = { sentAt: { $gt: new Date(0) } };
    const documents = await this.#model.find(always).sort({ sentAt: -1 }).limit(limit).batchSize(limit).lean();
    return documents.map(({ _id, ...rest }) => ({ key: _id, ...rest }));
  }

  /** Those of the keys that are here. */
  async some(keys: readonly string[]): Promise<InboxMessage[]> {
    if (keys.length === 0) return [];
    const documents = await this.#model
      .find({ _id: { $in: keys } })
      .batchSize(keys.length)
      .lean();
    return documents.map(({ _id, ...rest }) => ({ key: _id, ...rest }));
  }

  /**
   * Removes the oldest messages for good.
   *
   * @returns how many they were, `limit` at most
   */
  async erase(olderThan: Date, limit: number): Promise<number> {
    const oldest = await this.#model
      .find({ sentAt: { $lt: olderThan } }, { _id: 1 })
      .sort({ sentAt: 1 })
      .limit(limit)
      .lean();
    const keys = oldest.map(({ _id }) => _id);
    if (keys.length > 0) await this.#model.deleteMany({ _id: { $in: keys } });
    return keys.length;
  }

  /** Which messages were kept at or after the moment, at most `limit`, the newest of them. */
  async keptSince(moment: Date, limit: number): Promise<Pick<InboxMessage, 'key' | 'sentAt'>[]> {
    const recently = { sentAt: { $gte: moment } };
    const found = this.#model.find(recently, { sentAt: 1 }).sort({ sentAt: -1 }).limit(limit).batchSize(limit);
    return (await found.lean()).map(({ _id, sentAt }) => ({ key: _id, sentAt }));
  }
}
