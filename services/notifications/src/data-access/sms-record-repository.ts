import type { SmsProgress, SmsRecord, SmsRecords } from '../domain/sms-record.ts';
import { moveOf, SmsRecordGroups } from './sms-record-groups.ts';
import { toRecord, whatIsErased, type SmsRecordModel } from './sms-record-model.ts';

export class SmsRecordRepository implements SmsRecords {
  readonly #model: SmsRecordModel;
  readonly #groups: SmsRecordGroups;

  constructor(model: SmsRecordModel) {
    this.#model = model;
    this.#groups = new SmsRecordGroups(model);
  }

  async add(record: SmsRecord): Promise<SmsRecord | undefined> {
    return (await this.#groups.add(record)) ? record : undefined;
  }

  async find(key: string): Promise<SmsRecord | undefined> {
    const document = await this.#model.findById(key).lean();
    return document ? toRecord(document) : undefined;
  }

  async findByProviderId(providerId: string): Promise<SmsRecord | undefined> {
    const document = await this.#model.findOne({ providerId }).lean();
    return document ? toRecord(document) : undefined;
  }

  async advance(from: SmsRecord, to: SmsProgress): Promise<boolean> {
    if (isSent(to)) return this.#groups.noteSent({ from, to });
    const { filter, update } = moveOf({ from, to });
    const { modifiedCount } = await this.#model.updateOne(filter, update);
    return modifiedCount === 1;
  }

  async findDue(now: Date, limit: number): Promise<SmsRecord[]> {
    const documents = await this.#model
      .find({ dueAt: { $lte: now } })
      .sort({ dueAt: 1 })
      .limit(limit)
      .lean();
    return documents.map(toRecord);
  }

  async lease({ key, state, since, dueAt }: SmsRecord, until: Date): Promise<boolean> {
    const unchanged = { _id: key, state, since, dueAt: dueAt! };
    const { modifiedCount } = await this.#model.updateOne(unchanged, { $set: { dueAt: until } });
    return modifiedCount === 1;
  }

  async erase(olderThan: Date, now: Date, limit: number): Promise<number> {
    const oldest = await this.#model
      .find({ createdAt: { $lt: olderThan } }, { _id: 1 })
      .sort({ createdAt: 1 })
      .limit(limit)
      .lean();
    const keys = oldest.map(({ _id }) => _id);
    if (keys.length > 0) {
      await this.#model.updateMany({ _id: { $in: keys } }, { $set: { erasedAt: now }, $unset: whatIsErased });
    }
    return keys.length;
  }
}

function isSent({ state, providerId }: SmsProgress): boolean {
  return state === 'SENT' && providerId !== undefined;
}
