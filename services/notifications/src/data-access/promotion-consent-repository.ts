import { isDuplicateKey } from '@turno/mongo';
import { Schema, type Connection } from 'mongoose';
import type { PromotionConsent, PromotionConsents } from '../domain/promotion-consent.ts';

interface PromotionConsentDocument extends Omit<PromotionConsent, 'phone'> {
  readonly _id: string;
}

const schema = new Schema<PromotionConsentDocument>(
  {
    _id: { type: String, required: true },
    allowed: { type: Boolean, required: true },
    since: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false, collection: 'promotion_consents' },
);
// The inbox page looks for who has just decided.
schema.index({ since: -1 }, { name: 'last_decided' });

export type PromotionConsentModel = ReturnType<typeof promotionConsentModel>;

export function promotionConsentModel(connection: Connection) {
  return connection.model('PromotionConsent', schema);
}

export class PromotionConsentRepository implements PromotionConsents {
  readonly #model: PromotionConsentModel;

  constructor(model: PromotionConsentModel) {
    this.#model = model;
  }

  async find(phone: string): Promise<PromotionConsent | undefined> {
    const document = await this.#model.findById(phone).lean();
    return document ? { phone, allowed: document.allowed, since: document.since } : undefined;
  }

  async keep({ phone, allowed, since }: PromotionConsent): Promise<void> {
    const older = { _id: phone, since: { $lte: since } };
    try {
      await this.#model.updateOne(older, { $set: { allowed, since } }, { upsert: true });
    } catch (error) {
      // The upsert found nothing older and could not insert: there is a newer word.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
