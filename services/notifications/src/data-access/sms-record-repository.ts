import { isDuplicateKey } from '@turno/mongo';
import { Schema, type Connection } from 'mongoose';
import type { SmsRecord, SmsRecords } from '../domain/sms-record.ts';

interface SmsRecordDocument extends Omit<SmsRecord, 'eventId'> {
  readonly _id: string;
}

const schema = new Schema<SmsRecordDocument>(
  {
    _id: { type: String, required: true },
    ticketId: { type: String, required: true },
    requestId: { type: String, required: true },
    to: { type: String, required: true },
    text: { type: String, required: true },
    state: { type: String, required: true },
    since: { type: Date, required: true },
    providerId: String,
    reason: String,
  },
  { strict: 'throw', versionKey: false, collection: 'sms_records' },
);

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

  async find(eventId: string): Promise<SmsRecord | undefined> {
    const document = await this.#model.findById(eventId).lean();
    return document ? toRecord(document) : undefined;
  }

  async advance(
    { eventId, state, since }: SmsRecord,
    to: Pick<SmsRecord, 'state' | 'since' | 'providerId' | 'reason'>,
  ): Promise<boolean> {
    const { modifiedCount } = await this.#model.updateOne({ _id: eventId, state, since }, { $set: to });
    return modifiedCount === 1;
  }
}

function toDocument({ eventId, ...rest }: SmsRecord): SmsRecordDocument {
  return { _id: eventId, ...rest };
}

function toRecord({ _id, ...rest }: SmsRecordDocument): SmsRecord {
  return { eventId: _id, ...rest };
}
