import { keyAtProvider, keyOfPromotions } from '../domain/attempts.ts';
import type { SmsRecord, SmsState } from '../domain/sms-record.ts';
import type { InboxMessage, InboxModel, InboxRepository } from './inbox-repository.ts';
import { toRecord, whatIsErased, type SmsRecordModel } from './sms-record-model.ts';

/** What is kept of the SMS of some events. */
export interface StoredSms {
  /** Those that tell of a person still. */
  readonly records: readonly SmsRecord[];
  readonly inbox: readonly InboxMessage[];
}

export interface SmsErasureParts {
  readonly records: SmsRecordModel;
  readonly inbox: InboxModel;
  readonly messages: Pick<InboxRepository, 'some'>;
}

/** None of these is to be sent any more. */
const unsettled: readonly SmsState[] = ['QUEUED', 'SENDING', 'UNKNOWN'];
const atOnce = 500;

/** The SMS of customers who are to be forgotten. */
export class SmsErasure {
  readonly #parts: SmsErasureParts;

  constructor(parts: SmsErasureParts) {
    this.#parts = parts;
  }

  /** The tickets whose SMS went to this phone, or were to. */
  async ticketsOfPhone(phone: string): Promise<string[]> {
    const found = await this.#parts.records.find({ to: phone }, { ticketId: 1 }).lean();
    return [...new Set(found.map(({ ticketId }) => ticketId))];
  }

  /** @param events the ids of the events that asked for the SMS */
  async ofEvents(events: readonly string[]): Promise<StoredSms> {
    const [records, inbox]: [SmsRecord[], InboxMessage[]] = [[], []];
    for (const keys of batches(keysOf(events))) {
      const found = (await this.#parts.records.find({ _id: { $in: keys } }).lean()).map(toRecord);
      records.push(...found.filter(({ erasedAt }) => !erasedAt));
      inbox.push(...(await this.#parts.messages.some(found.flatMap(keysAtProvider))));
    }
    return { records, inbox };
  }

  /**
   * Erases the SMS of events, as when their retention is over, and has none of them sent any more. An event that has not come yet
   * finds a record that was erased before there was one, and is handled by that.
   *
   * @returns how many records and messages of the inbox lost what they had
   */
  async erase(events: readonly string[], now: Date): Promise<{ records: number; inbox: number }> {
    const done = { records: 0, inbox: 0 };
    for (const keys of batches(keysOf(events))) {
      await this.#addErased(keys, now);
      done.records += await this.#eraseRecords(keys, now);
      done.inbox += await this.#eraseInbox(keys);
    }
    return done;
  }

  /** First: what an event brings from now on finds these. */
  async #addErased(keys: readonly string[], now: Date): Promise<void> {
    const record = { state: 'FAILED', since: now, attempt: 1, erasedAt: now } as const;
    const writes = keys.map((_id) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: record }, upsert: true },
    }));
    await this.#parts.records.bulkWrite(writes, { ordered: false });
  }

  async #eraseRecords(keys: readonly string[], now: Date): Promise<number> {
    const { records } = this.#parts;
    const filter = { _id: { $in: keys }, erasedAt: { $exists: false } };
    const $unset = whatIsErased;
    // A half-way one is whoever's who sends it: by its new state that one learns that nothing is left to do.
    const dropped = { $set: { state: 'FAILED', since: now, erasedAt: now } as const, $unset };
    const half = await records.updateMany({ ...filter, state: { $in: unsettled } }, dropped);
    const rest = await records.updateMany(filter, { $set: { erasedAt: now }, $unset });
    // Erased by retention before their event was redriven: those were still to be sent.
    await records.updateMany(
      { _id: { $in: keys }, state: { $in: unsettled } },
      { $set: { state: 'FAILED', since: now } },
    );
    return half.modifiedCount + rest.modifiedCount;
  }

  async #eraseInbox(keys: readonly string[]): Promise<number> {
    const found = await this.#parts.records.find({ _id: { $in: keys } }, { attempt: 1 }).lean();
    const sent = found.flatMap(({ _id: key, attempt }) => keysAtProvider({ key, attempt }));
    return (await this.#parts.inbox.deleteMany({ _id: { $in: sent } })).deletedCount;
  }
}

function keysOf(events: readonly string[]): string[] {
  return events.flatMap((id) => [id, keyOfPromotions(id)]);
}

function keysAtProvider({ key, attempt }: Pick<SmsRecord, 'key' | 'attempt'>): string[] {
  return Array.from({ length: attempt }, (_, i) => keyAtProvider({ key, attempt: i + 1 }));
}

function* batches(keys: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < keys.length; from += atOnce) yield keys.slice(from, from + atOnce);
}
