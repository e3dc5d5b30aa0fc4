import { hash } from 'node:crypto';
import { answered, isDuplicateKey, isWriteConflict } from '@turno/mongo';
import { inGroups } from '@turno/shared';
import { Schema, type Connection } from 'mongoose';
import type { PromotionConsent, PromotionConsents, UntoldConsents } from '../domain/promotion-consent.ts';

interface PromotionConsentDocument extends Omit<PromotionConsent, 'phone'> {
  /** The phone, or its digest where its owner's data are erased and a STOP is left to be honoured. */
  readonly _id: string;
  /** There until ticketing has it: the same as `since`. */
  readonly untoldSince?: Date;
}

const digestPrefix = 'sha256:';

/**
 * Under which the STOP of an erased customer is kept. It names nobody by itself; who tries all numbers finds the one, as whoever
 * honours a STOP must be able to.
 */
function digestOf(phone: string): string {
  return digestPrefix + hash('sha256', phone, 'base64url');
}

/** Whether a consent is kept under its phone. */
export function isUnderPhone(id: string): boolean {
  return !id.startsWith(digestPrefix);
}

/** What is kept of a phone's decision. */
export interface KeptConsent extends PromotionConsent {
  /** False where only the digest of the phone is kept. */
  readonly isUnderPhone: boolean;
  /** Ticketing does not have it yet. */
  readonly isUntold: boolean;
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
  readonly #find = inGroups((phones: readonly string[]) => this.#findAll(phones), { spacingMs: 5 });

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

  /**
   * What is kept of phones, under them or their digests. A phone may be there twice: its owner has said something after it was
   * erased.
   */
  async kept(phones: readonly string[]): Promise<KeptConsent[]> {
    const ofId = new Map(phones.flatMap((phone) => [phone, digestOf(phone)].map((id) => [id, phone] as const)));
    const found = await this.#model.find({ _id: { $in: [...ofId.keys()] } }).lean();
    return found.map(({ _id, allowed, since, untoldSince }) => ({
      phone: ofId.get(_id)!,
      allowed,
      since,
      isUnderPhone: isUnderPhone(_id),
      isUntold: untoldSince !== undefined,
    }));
  }

  /** Keeps a STOP under the digest of its phone, and forgets any other word. */
  async erase({ phone, allowed, since }: PromotionConsent): Promise<void> {
    const digest = digestOf(phone);
    if (allowed) await this.#model.deleteOne({ _id: digest, since: { $lte: since } });
    else await this.#model.updateOne({ _id: digest }, { $set: { allowed }, $max: { since } }, { upsert: true });
    // One that was said meanwhile stays.
    await this.#model.deleteOne({ _id: phone, since });
  }

  async #findAll(phones: readonly string[]): Promise<(PromotionConsent | undefined)[]> {
    const ids = phones.flatMap((phone) => [phone, digestOf(phone)]);
    const found = await answered(
      this.#model
        .find({ _id: { $in: ids } })
        .batchSize(ids.length)
        .lean(),
    );
    const byId = new Map(found.map((document) => [document._id, document]));
    return phones.map((phone) => lastWord(phone, byId.get(phone), byId.get(digestOf(phone))));
  }
}

function lastWord(phone: string, ...words: (PromotionConsentDocument | undefined)[]): PromotionConsent | undefined {
  const [last] = words.filter((word) => word !== undefined).toSorted((a, b) => b.since.getTime() - a.since.getTime());
  return last && { ...toConsent(last), phone };
}

function toConsent({ _id: phone, allowed, since }: PromotionConsentDocument): PromotionConsent {
  return { phone, allowed, since };
}
