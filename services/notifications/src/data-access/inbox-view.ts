import { attemptBehind, keyAtProvider } from '../domain/attempts.ts';
import type { PromotionConsent } from '../domain/promotion-consent.ts';
import type { SmsRecord } from '../domain/sms-record.ts';
import type { InboxMessage, InboxRepository } from './inbox-repository.ts';
import { isUnderPhone, type PromotionConsentModel } from './promotion-consent-repository.ts';
import type { SmsRecordModel } from './sms-record-model.ts';

/** A message of the inbox, and how far its record says it has come; nothing where the record is gone. */
export interface ShownMessage extends InboxMessage {
  readonly delivery?: Pick<SmsRecord, 'state' | 'since' | 'reason'>;
}

/** That something was written: a message, the move of a record, a phone's decision. */
export interface Trace {
  readonly kind: 'message' | 'delivery' | 'consent';
  /** The key of the message, or the phone. */
  readonly of: string;
  readonly at: Date;
  /** Another one for the same `kind` and `of` is another write. */
  readonly version: string;
}

export interface InboxViewParts {
  readonly inbox: InboxRepository;
  readonly records: SmsRecordModel;
  readonly consents: PromotionConsentModel;
}

/** What the inbox shows, read from the database, since other instances write there too. */
export class InboxView {
  readonly #parts: InboxViewParts;

  constructor(parts: InboxViewParts) {
    this.#parts = parts;
  }

  async newest(limit: number): Promise<ShownMessage[]> {
    return this.#withDelivery(await this.#parts.inbox.newest(limit));
  }

  /** Those of the keys that are messages of the inbox. */
  async messages(keys: readonly string[]): Promise<ShownMessage[]> {
    return this.#withDelivery(await this.#parts.inbox.some(keys));
  }

  /** What phones said last, the newest first. */
  async newestConsents(limit: number): Promise<PromotionConsent[]> {
    return this.#consents({ since: { $gt: new Date(0) } }, limit);
  }

  consents(phones: readonly string[]): Promise<PromotionConsent[]> {
    return phones.length === 0 ? Promise.resolve([]) : this.#consents({ _id: { $in: phones } }, phones.length);
  }

  /** What was written at or after the moment, at most `limit` of each kind, the newest of them. */
  async tracesSince(moment: Date, limit: number): Promise<Trace[]> {
    const { inbox, records, consents } = this.#parts;
    const recently = { since: { $gte: moment } };
    const [kept, moved, decided] = await Promise.all([
      inbox.keptSince(moment, limit),
      records
        .find(recently, { state: 1, since: 1, attempt: 1 })
        .sort({ since: -1 })
        .limit(limit)
        .batchSize(limit)
        .lean(),
      consents.find(recently, { since: 1, allowed: 1 }).sort({ since: -1 }).limit(limit).batchSize(limit).lean(),
    ]);
    return [
      ...kept.map(({ key, sentAt }) => ofMessage(key, sentAt)),
      ...moved.map(({ _id: key, attempt, ...delivery }) => ofDelivery(keyAtProvider({ key, attempt }), delivery)),
      ...decided.flatMap(({ _id, ...decision }) => (isUnderPhone(_id) ? [ofConsent(_id, decision)] : [])),
    ];
  }

  async #withDelivery(messages: readonly InboxMessage[]): Promise<ShownMessage[]> {
    const own = messages.map(({ key }) => key);
    const keys = [...own, ...own.flatMap((key) => attemptBehind(key)?.key ?? [])];
    const fields = { state: 1, since: 1, reason: 1, attempt: 1, earlierAttempts: 1 };
    const records =
      keys.length === 0
        ? []
        : await this.#parts.records
            .find({ _id: { $in: keys } }, fields)
            .batchSize(keys.length)
            .lean();
    // A message is one attempt of its record.
    const deliveries = new Map(
      records.flatMap(({ _id: key, earlierAttempts = [], ...latest }) =>
        [...earlierAttempts, latest].map(({ attempt, state, since, reason }) => [
          keyAtProvider({ key, attempt }),
          { state, since, ...(reason !== undefined && { reason }) },
        ]),
      ),
    );
    return messages.map((message) => {
      const delivery = deliveries.get(message.key);
      return delivery ? { ...message, delivery } : message;
    });
  }

  async #consents(condition: object, limit: number): Promise<PromotionConsent[]> {
    const documents = await this.#parts.consents
      .find(condition)
      .sort({ since: -1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    // One that is kept under a digest is nobody's to show.
    return documents.flatMap(({ _id, allowed, since }) => (isUnderPhone(_id) ? [{ phone: _id, allowed, since }] : []));
  }
}

/** The traces of all that is shown. */
export function tracesOf(messages: readonly ShownMessage[], consents: readonly PromotionConsent[]): Trace[] {
  return [
    ...messages.flatMap(({ key, sentAt, delivery }) => [
      ofMessage(key, sentAt),
      ...(delivery ? [ofDelivery(key, delivery)] : []),
    ]),
    ...consents.map((consent) => ofConsent(consent.phone, consent)),
  ];
}

function ofMessage(key: string, at: Date): Trace {
  return { kind: 'message', of: key, at, version: '' };
}

function ofDelivery(key: string, { state, since }: Pick<SmsRecord, 'state' | 'since'>): Trace {
  return { kind: 'delivery', of: key, at: since, version: `${state} ${since.getTime()}` };
}

function ofConsent(phone: string, { allowed, since }: Pick<PromotionConsent, 'allowed' | 'since'>): Trace {
  return { kind: 'consent', of: phone, at: since, version: `${allowed} ${since.getTime()}` };
}
