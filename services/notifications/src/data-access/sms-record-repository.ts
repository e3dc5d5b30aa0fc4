import { isDuplicateKey } from '@turno/mongo';
import { Schema, type Connection } from 'mongoose';
import type { SmsProgress, SmsRecord, SmsRecords } from '../domain/sms-record.ts';

interface SmsRecordDocument extends Omit<SmsRecord, 'key'> {
  readonly _id: string;
}

const schema = new Schema<SmsRecordDocument>(
  {
    _id: { type: String, required: true },
    ticketId: { type: String, required: true },
    requestId: { type: String, required: true },
    purpose: { type: String, required: true },
    to: { type: String, required: true },
    text: { type: String, required: true },
    segments: { type: Number, required: true },
    encoding: { type: String, required: true },
    state: { type: String, required: true },
    since: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    provider: String,
    providerId: String,
    reason: String,
  },
  { strict: 'throw', versionKey: false, collection: 'sms_records' },
);
schema.index({ providerId: 1 }, { name: 'by_provider_id', sparse: true });

export type SmsRecordModel = ReturnType<typeof smsRecordModel>;

export function smsRecordModel(connection: Connection) {
  return connection.model('SmsRecord', schema);
}

export class SmsRecordRepository implements SmsRecords {
  readonly #model: SmsRecordModel;

  constructor(model: SmsRecordModel) {
    this.#model = model;
  }

  async add(record: SmsRecord): Promise<SmsRecord | undefined> {
    try {
      await this.#model.insertOne(toDocument(record));
      return record;
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  async find(key: string): Promise<SmsRecord | undefined> {
    const document = await this.#model.findById(key).lean();
    return document ? toRecord(document) : undefined;
  }

  async findByProviderId(providerId: string): Promise<SmsRecord | undefined> {
    const document = await this.#model.findOne({ providerId }).lean();
    return document ? toRecord(document) : undefined;
  }

  async advance({ key, state, since }: SmsRecord, to: SmsProgress): Promise<boolean> {
    const { modifiedCount } = await this.#model.updateOne({ _id: key, state, since }, { $set: to });
    return modifiedCount === 1;
  }
}

function toDocument({ key, ...rest }: SmsRecord): SmsRecordDocument {
  return { _id: key, ...rest };
}

function toRecord({ _id, ...rest }: SmsRecordDocument): SmsRecord {
  return { key: _id, ...rest };
}
