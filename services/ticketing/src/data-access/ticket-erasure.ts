import { ticket } from '@turno/shared';
import type { OldTickets } from '../domain/erase-old-tickets.ts';
import type { OutboxRepository } from './outbox-repository.ts';
import type { TicketDocument, TicketModel } from './ticket-model.ts';

/** A ticket with all that is stored of it. */
export interface StoredTicket extends Omit<TicketDocument, '_id'> {
  readonly id: string;
}

/** What tells of a person, and what belongs to the request that a person sent. */
const ofPerson = [
  'issued.phone',
  'changes',
  'customerId',
  'holder',
  'slot',
  'language',
  'promotionsAllowed',
  'request.id',
  'request.trace',
  'cancelled.by',
  // An event that is pending is not to go out.
  'unpublishedSince',
];

/** What the books want of an old ticket, beside its place in its queue day. */
const ofBooks = new Set(['channel', 'status', 'sector', 'service', 'created_at']);
const ofOld = [
  ...ofPerson,
  ...Object.keys(ticket.shape).flatMap((field) => (ofBooks.has(field) ? [] : `issued.${field}`)),
  'request.fingerprint',
  'timeZone',
  // So that the sweep does not meet it again: the index of the newest has it no more.
  'createdAt',
].filter((path, i, all) => all.indexOf(path) === i);

const dayMs = 86_400_000;

/** Tickets whose customers are to be forgotten: one customer's, or all that are old. */
export class TicketErasure implements OldTickets {
  readonly #model: TicketModel;
  readonly #outbox: OutboxRepository;

  constructor(model: TicketModel, outbox: OutboxRepository) {
    this.#model = model;
    this.#outbox = outbox;
  }

  async eraseOlderThan(olderThan: Date, now: Date, limit: number): Promise<number> {
    const oldest = await this.#model
      .find({ createdAt: { $lt: olderThan } }, { _id: 1 })
      .sort({ createdAt: 1 })
      .limit(limit)
      .batchSize(limit)
      .lean();
    const ids = oldest.map(({ _id }) => _id);
    if (ids.length > 0) {
      const $unset = Object.fromEntries(ofOld.map((path) => [path, 1]));
      await this.#model.updateMany({ _id: { $in: ids } }, { $set: { erasedAt: now }, $unset });
    }
    return ids.length;
  }

  /** All tickets of holders, cancelled ones as well, the newest first. */
  async heldBy(holders: readonly string[]): Promise<StoredTicket[]> {
    const each = holders.map((holder) => this.#model.find({ holder }).sort({ createdAt: -1 }).lean());
    return this.#stored((await Promise.all(each)).flat());
  }

  /** Those of the tickets that are there. */
  async some(ids: readonly string[]): Promise<StoredTicket[]> {
    return this.#stored(await this.#model.find({ _id: { $in: ids } }).lean());
  }

  /**
   * All tickets with this phone, whoever holds them. No index has the phone that a ticket was changed to, which
   * every change would pay for: all tickets are looked through, those of a day at a time.
   */
  async *withPhone(phone: string, now: Date): AsyncGenerator<StoredTicket> {
    const always = { createdAt: { $gt: new Date(0) } };
    const oldest = await this.#model.findOne(always, { createdAt: 1 }).sort({ createdAt: 1 }).lean();
    if (!oldest) return;
    const has = { $or: [{ 'issued.phone': phone }, { 'changes.phone': phone }] };
    for (let from = oldest.createdAt.getTime(); from <= now.getTime(); from += dayMs) {
      const ofDay = { createdAt: { $gte: new Date(from), $lt: new Date(from + dayMs) } };
      yield* await this.#stored(await this.#model.find({ ...ofDay, ...has }).lean());
    }
  }

  /** Has the events of tickets that are pending never go out. */
  async settleEvents(ids: readonly string[]): Promise<number> {
    const pending = (await this.some(ids)).filter(({ unpublishedSince }) => unpublishedSince !== undefined);
    await this.#outbox.forget(ids);
    const leftBehind = { _id: { $in: ids }, unpublishedSince: { $exists: true } };
    await this.#model.updateMany(leftBehind, { $unset: { unpublishedSince: 1 } });
    return pending.length;
  }

  /**
   * Erases what tells of their holder. A repeat of a request is still answered with its ticket, now without a phone; its
   * fingerprint, from which a phone might be guessed, is gone.
   */
  async erase(ids: readonly string[], now: Date): Promise<number> {
    const $unset = Object.fromEntries(ofPerson.map((path) => [path, 1]));
    // The sweep of request keys goes by the fingerprint.
    const $set = { erasedAt: now, 'request.fingerprint': 'erased' };
    return (await this.#model.updateMany({ _id: { $in: ids }, erasedAt: { $exists: false } }, { $set, $unset }))
      .modifiedCount;
  }

  /** An event that is just being published is pending, too. */
  async #stored(documents: readonly TicketDocument[]): Promise<StoredTicket[]> {
    if (documents.length === 0) return [];
    const unsettled = new Set(await this.#outbox.unsettled());
    return documents.map(({ _id: id, unpublishedSince, ...rest }) => {
      const since = unpublishedSince ?? (unsettled.has(id) ? rest.createdAt : undefined);
      return { id, ...rest, ...(since && { unpublishedSince: since }) };
    });
  }
}
