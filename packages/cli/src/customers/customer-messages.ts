import { field, type QueuedMessage } from '@turno/shared';
import { createdEventIdOf } from '@turno/ticketing';
import { z } from 'zod';

/** By what a message is known to be about a customer. */
export interface CustomerMarks {
  readonly ticketIds: ReadonlySet<string>;
  /** Of others who have the same phone. */
  readonly othersTicketIds: ReadonlySet<string>;
  readonly customerId: string | undefined;
  readonly phones: ReadonlySet<string>;
  /** Where a phone is all that is known of who is meant. */
  readonly byPhone: string | undefined;
  /** Numbers of identity documents. */
  readonly documents: readonly string[];
}

/** As much of TicketCreated as tells whose it is, of any version. */
const aboutTicket = z.object({
  subject: field.ticketId,
  data: z.object({ customer_id: z.string().optional(), phone: z.string().optional() }),
});

/**
 * Whether a message is about a customer. One that says of which ticket it is goes by that, and by who has the ticket: others may
 * have the same phone. One that is broken goes by anything of the customer's that stands in it; it could never be sent anyway.
 */
export function isOfCustomer({ messageId, body }: QueuedMessage, marks: CustomerMarks): boolean {
  const { ticketIds, othersTicketIds, customerId, byPhone } = marks;
  const text = body.toString();
  const event = aboutTicket.safeParse(jsonIn(text));
  if (!event.success) return isNamedIn(`${messageId ?? ''} ${text}`, marks);
  const { subject, data } = event.data;
  if (ticketIds.has(subject)) return true;
  if (othersTicketIds.has(subject)) return false;
  if (customerId !== undefined) return data.customer_id === customerId;
  return byPhone !== undefined && data.phone === byPhone && data.customer_id === undefined;
}

/** A shorter id or number stands in many a text that has nothing to do with it. */
const tellingFrom = 6;

function isNamedIn(text: string, { ticketIds, customerId, phones, documents }: CustomerMarks): boolean {
  const words = new Set(text.split(/[^0-9A-Za-z+.]+/));
  const numbers = [...phones].flatMap((phone) => [phone, phone.slice(1)]);
  const tickets = [...ticketIds].flatMap((id) => [id, createdEventIdOf(id)]);
  const names = [...tickets, ...numbers, ...documents, ...(customerId === undefined ? [] : [customerId])];
  return names.some((name) => name.length >= tellingFrom && words.has(name));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
