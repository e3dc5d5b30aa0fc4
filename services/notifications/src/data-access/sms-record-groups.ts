import { answered, DatabaseSilent, isDuplicateKey, writeErrorsOf } from '@turno/mongo';
import { byText, inGroups } from '@turno/shared';
import { endingWith, type SmsProgress, type SmsRecord } from '../domain/sms-record.ts';
import { toDocument, type SmsRecordModel } from './sms-record-model.ts';

/** A record that is to move on. */
export interface Move {
  readonly from: SmsRecord;
  readonly to: SmsProgress;
}

/** As the database has it: moves only a record that is where it is believed to be. */
export function moveOf({ from: { key, state, since }, to }: Move) {
  const $unset = Object.fromEntries(endingWith(to).map((field) => [field, 1]));
  return { filter: { _id: key, state, since }, update: { $set: to, $unset } };
}

/**
 * What is written of every SMS, in groups: who waits while a write is under way goes together with the next. A connection that has
 * gone silent holds nobody up for long.
 */
export class SmsRecordGroups {
  readonly #model: SmsRecordModel;
  readonly #add = inGroups((records: readonly SmsRecord[]) => this.#addAll(records), { spacingMs: 5, order: byKey });
  // Nobody waits for it. What a crash leaves unnoted, the provider is asked about.
  readonly #noteSent = inGroups((moves: readonly Move[]) => this.#moveAll(moves), {
    spacingMs: 20,
    order: (a, b) => byKey(a.from, b.from),
  });

  constructor(model: SmsRecordModel) {
    this.#model = model;
  }

  /** Stores a new record; false when there is one under its key. */
  add(record: SmsRecord): Promise<boolean> {
    return this.#add(record);
  }

  /**
   * Moves a record on to SENT under the provider's id. False when it was elsewhere.
   *
   * A group tells how many moved, not which: where not all did, they are read again, and of two equal moves by two instances both
   * count as made. That is a second line in the log here; for a claim it would be a second call to the provider.
   */
  noteSent(move: Move): Promise<boolean> {
    return this.#noteSent(move);
  }

  async #addAll(records: readonly SmsRecord[]): Promise<boolean[]> {
    const adding = this.#insert(records);
    try {
      return await answered(adding);
    } catch (error) {
      // Those waiting are told that nothing was begun, and no provider is called for what is stored all the same.
      if (error instanceof DatabaseSilent)
        void adding.then((added) => this.#queue(records, added)).catch(() => undefined);
      throw error;
    }
  }

  async #insert(records: readonly SmsRecord[]): Promise<boolean[]> {
    try {
      await this.#model.insertMany(records.map(toDocument), { ordered: false, lean: true });
      return records.map(() => true);
    } catch (error) {
      const refused = writeErrorsOf(error);
      if (refused.length === 0 || !refused.every((each) => isDuplicateKey(each))) throw error;
      const present = new Set(refused.map(({ index }) => index));
      return records.map((_, index) => !present.has(index));
    }
  }

  /** What was stored too late is to be sent by the next delivery of its event, and not to pass for half-way sent. */
  async #queue(records: readonly SmsRecord[], added: readonly boolean[]): Promise<void> {
    const late = records.filter((_, index) => added[index]);
    const writes = late.map((from) => ({ updateOne: moveOf({ from, to: { state: 'QUEUED', since: from.since } }) }));
    await this.#model.bulkWrite(writes, { ordered: false });
  }

  async #moveAll(moves: readonly Move[]): Promise<boolean[]> {
    if ((await this.#move(moves)) === moves.length) return moves.map(() => true);
    const keys = moves.map(({ from }) => from.key);
    const reading = this.#model.find({ _id: { $in: keys } }).batchSize(keys.length);
    const now = new Map((await answered(reading.lean())).map((document) => [document._id, document]));
    return moves.map(({ from, to }) => {
      const { state, since, providerId } = now.get(from.key) ?? {};
      return state === to.state && since?.getTime() === to.since.getTime() && providerId === to.providerId;
    });
  }

  /** @returns how many moved; one that the database refuses takes none of the others with it */
  async #move(moves: readonly Move[]): Promise<number> {
    const writes = moves.map((move) => ({ updateOne: moveOf(move) }));
    try {
      return (await answered(this.#model.bulkWrite(writes, { ordered: false }))).modifiedCount;
    } catch (error) {
      if (writeErrorsOf(error).length === 0) throw error;
      return 0;
    }
  }
}

function byKey({ key: a }: SmsRecord, { key: b }: SmsRecord): number {
  return byText(a, b);
}
