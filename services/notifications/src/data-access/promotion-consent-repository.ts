import { answered, isDuplicateKey, isWriteConflict } from '@turno/mongo';
import { inGroups } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';
import type { PromotionConsent, PromotionConsents, UntoldConsents } from '../domain/promotion-consent.ts';

interface PromotionConsentDocument extends Omit<PromotionConsent, 'phone'> {
  readonly _id: string;
  /** There until ticketing has it: the same as `since`. */
  readonly untoldSince?: Date;
}

/** Each lost race means that somebody else has written: so many within one STOP there never are. */
const attempts = 10;

const schema = new Schema<PromotionConsentDocument>(
  {
    _id: { type: String, required: true },
    allowed: { type: Boolean, required: true },
    since: { type: Date, required: true },
    untoldSince: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'promotion_consents' },
);
schema.index({ untoldSince: 1 }, { name: 'untold', sparse: true });
// The inbox page looks for who has just decided.
schema.index({ since: -1 }, { name: 'last_decided' });

export type PromotionConsentModel = ReturnType<typeof promotionConsentModel>;

export function promotionConsentModel(connection: Connection) {
  return connection.model('PromotionConsent', schema);
}

export class PromotionConsentRepository implements PromotionConsents, UntoldConsents {
  readonly #model: PromotionConsentModel;
  readonly #find = inGroups((phones: readonly string[]) => this.#findAll(phones));

  constructor(model: PromotionConsentModel) {
    this.#model = model;
  }

  find(phone: string): Promise<PromotionConsent | undefined> {
    return this.#find(phone);
  }

  async keep({ phone, allowed, since }: PromotionConsent): Promise<void> {
    const word = { allowed, since, untoldSince: since };
    for (let attempt = 1; ; attempt++) {
      try {
        const { matchedCount } = await this.#model.updateOne({ _id: phone, since: { $lte: since } }, { $set: word });
        if (matchedCount === 0) await this.#model.insertOne({ _id: phone, ...word });
        return;
      } catch (error) {
        if (isDuplicateKey(error) && (await this.#model.exists({ _id: phone, since: { $gt: since } }))) return;
        // Somebody else was first with an older word, which this one stands over.
        if (attempt === attempts || !(isDuplicateKey(error) || isWriteConflict(error))) throw error;
      }
    }
  }

  async untold(limit: number): Promise<PromotionConsent[]> {
    const documents = await this.#model
      .find({ untoldSince: { $exists: true } })
      .sort({ untoldSince: 1 })
      .limit(limit)
      .lean();
    return documents.map(toConsent);
  }

  async markTold({ phone, since }: PromotionConsent): Promise<void> {
    await this.#model.updateOne({ _id: phone, since }, { $unset: { untoldSince: true } });
  }

  async #findAll(phones: readonly string[]): Promise<(PromotionConsent | undefined)[]> {
    const found = await answered(
      this.#model
        .find({ _id: { $in: phones } })
        .batchSize(phones.length)
        .lean(),
    );
    const byPhone = new Map(found.map((document) => [document._id, toConsent(document)]));
    return phones.map((phone) => byPhone.get(phone));
  }
}

function toConsent({ _id: phone, allowed, since }: PromotionConsentDocument): PromotionConsent {
  return { phone, allowed, since };
}
