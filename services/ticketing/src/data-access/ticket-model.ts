import { Schema, type Connection } from 'mongoose';
import type { IssuedTicket } from '../domain/ticket.ts';

/** A stored ticket. `unpublishedSince` is its pending event: there until the broker has confirmed TicketCreated. */
export interface TicketDocument extends Omit<IssuedTicket, 'id'> {
  readonly _id: string;
  readonly unpublishedSince?: Date;
}

/** Names of the indexes that errors are told apart by. */
export const ticketIndexes = { number: 'one_ticket_per_number', request: 'one_ticket_per_request' } as const;

const schema = new Schema<TicketDocument>(
  {
    _id: { type: String, required: true },
    branchId: { type: String, required: true },
    queue: { type: String, required: true },
    businessDay: { type: String, required: true },
    number: { type: Number, required: true },
    request: {
      _id: false,
      type: new Schema({ id: String, key: String, fingerprint: String }, { strict: 'throw' }),
      required: true,
    },
    customerId: String,
    language: { type: String, required: true },
    promotionsAllowed: { type: Boolean, required: true },
    timeZone: { type: String, required: true },
    issued: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    unpublishedSince: Date,
  },
  { strict: 'throw', versionKey: false, collection: 'tickets' },
);
schema.index({ branchId: 1, queue: 1, businessDay: 1, number: -1 }, { unique: true, name: ticketIndexes.number });
schema.index({ 'request.key': 1 }, { unique: true, name: ticketIndexes.request });
schema.index({ unpublishedSince: 1 }, { sparse: true, name: 'unpublished' });

export type TicketModel = ReturnType<typeof ticketModel>;

export function ticketModel(connection: Connection) {
  return connection.model('Ticket', schema);
}
