import { Schema, type Connection } from 'mongoose';
import type { QueueDay, StandingTicket } from '../domain/ticket.ts';

/** A stored ticket. */
export interface TicketDocument extends Omit<StandingTicket, 'id'> {
  readonly _id: string;
  /** There while its event is left behind: one that is just being published is on a page of the outbox instead. */
  readonly unpublishedSince?: Date;
  /** There once it is cancelled; by the key of the request that did it. */
  readonly cancelled?: { readonly at: Date; readonly by?: string };
}

/** Names of the indexes that errors are told apart by. */
export const ticketIndexes = {
  number: 'one_ticket_per_queue_day_and_number',
  request: 'one_ticket_per_request',
  slot: 'one_ticket_per_slot',
} as const;

const part = (fields: Record<string, StringConstructor | DateConstructor | Schema>) =>
  new Schema(fields, { strict: 'throw', _id: false });

const trace = part({ traceparent: String, tracestate: String });

const schema = new Schema<TicketDocument>(
  {
    _id: { type: String, required: true },
    branchId: { type: String, required: true },
    queue: { type: String, required: true },
    businessDay: { type: String, required: true },
    number: { type: Number, required: true },
    request: { type: part({ id: String, key: String, fingerprint: String, trace }), required: true },
    customerId: String,
    holder: String,
    keyChannel: String,
    slot: String,
    language: { type: String, required: true },
    promotionsAllowed: { type: Boolean, required: true },
    timeZone: { type: String, required: true },
    issued: { type: Schema.Types.Mixed, required: true },
    changes: part({ status: String, phone: String, at: Date }),
    cancelled: part({ at: Date, by: String }),
    createdAt: { type: Date, required: true },
    unpublishedSince: Date,
    erasedAt: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'tickets' },
);

/** The day first: one range of this index holds the waiting lines of all branches. */
const inQueueDay = { businessDay: 1, branchId: 1, queue: 1, number: -1 } as const;
schema.index(inQueueDay, { unique: true, name: ticketIndexes.number });
schema.index(inQueueDay, { name: 'cancelled', partialFilterExpression: { cancelled: { $exists: true } } });
schema.index({ 'request.key': 1 }, { unique: true, name: ticketIndexes.request });
schema.index({ slot: 1 }, { unique: true, sparse: true, name: ticketIndexes.slot });
/** Tickets of a group have one moment: of two in a queue the higher number is the newer, and `_id` keeps pages stable. */
export const newestFirst = { createdAt: -1, number: -1, _id: -1 } as const;
// Whatever an index need not hold is left out of it: each entry is written with the ticket.
schema.index(
  { holder: 1, ...newestFirst },
  { name: 'tickets_by_holder', partialFilterExpression: { holder: { $exists: true } } },
);
// For the limit on them, which alone asks by phone.
schema.index(
  { 'issued.phone': 1, createdAt: -1 },
  { name: 'tickets_of_phone', partialFilterExpression: { 'issued.phone': { $exists: true } } },
);
schema.index({ unpublishedSince: 1 }, { sparse: true, name: 'unpublished' });
// For the console, which counts by these two and reads no ticket.
schema.index({ createdAt: -1, branchId: 1 }, { name: 'newest_first' });

export type TicketModel = ReturnType<typeof ticketModel>;

export function ticketModel(connection: Connection) {
  return connection.model('Ticket', schema);
}

/** How many tickets of a queue day were cancelled; with `below`, of those with a lower number. */
export function countCancelled(model: TicketModel, queueDay: QueueDay, below?: number): Promise<number> {
  const { branchId, queue, businessDay } = queueDay;
  const lower = below !== undefined && { number: { $lt: below } };
  return model.countDocuments({ businessDay, branchId, queue, ...lower, cancelled: { $exists: true } });
}

/** Takes the request's key off a ticket. Keys are unique, so that each ticket has to have one. */
export function releasedKeyOf(ticketId: string) {
  return { $set: { 'request.key': `expired:${ticketId}` }, $unset: { 'request.fingerprint': 1 } };
}

export function toStandingTicket(document: TicketDocument): StandingTicket {
  const { _id: id, unpublishedSince: _pending, cancelled: _cancelled, ...rest } = document;
  return { id, ...rest };
}
