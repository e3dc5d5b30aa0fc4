import { z } from 'zod';
import * as field from './fields.ts';
import { ticket } from './ticket.ts';

export const cloudEventsContentType = 'application/cloudevents+json';

/** The ticket as it was issued, and what a consumer would otherwise have to ask back for. */
const ticketCreatedData = ticket.extend({
  /** The language to write to the customer in; where notifications has no template for it, in the default one. */
  language: field.language,
  /** False when the customer opted out of promotions: the SMS then carries the turn alone. */
  promotions_allowed: z.boolean(),
  /** IANA name of the branch's time zone, in which the SMS tells the time. */
  time_zone: z.string(),
  customer_id: field.customerId.optional(),
});

/**
 * `TicketCreated`: a CloudEvents 1.0 event in structured JSON, published once the ticket is stored. `source` and `id`
 * together name the event, and stay the same on every resend. A consumer drops attributes it does not know.
 */
export const ticketCreated = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.literal('turno.TicketCreated.v1'),
  time: field.instant,
  subject: field.ticketId,
  datacontenttype: z.literal('application/json'),
  /** Extension attribute: the request that led to the ticket, as in the `X-Request-Id` header and every log line. */
  requestid: z.string().min(1),
  data: ticketCreatedData,
});
export type TicketCreated = z.infer<typeof ticketCreated>;
