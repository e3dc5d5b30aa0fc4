import type { Branch, Ticket, TicketCreated, TraceContext } from '@turno/shared';
import type { Place } from './catalogue-index.ts';
import type { Holder } from './customer.ts';
import { presentTicket } from './present-ticket.ts';
import { rememberedBusinessDay } from './remembered-time.ts';
import { expectedWait } from './waiting-time.ts';

/** One line of waiting people: numbers are 1, 2, 3 … within it. */
export interface QueueDay {
  readonly branchId: string;
  readonly queue: string;
  /** The branch's own calendar day, `2017-02-20`. */
  readonly businessDay: string;
}

/** Everything about a ticket that is known before it has a number. */
export interface TicketDraft {
  readonly id: string;
  readonly place: Place;
  /** As the request says. */
  readonly channel: string | undefined;
  /** The channel whose API key took it; undefined where no key did. */
  readonly keyChannel?: string | undefined;
  readonly phone: string | undefined;
  readonly customer: Holder | undefined;
  readonly messages: readonly string[];
  readonly status: Ticket['status'];
  readonly request: TicketRequest;
}

/** The request behind a ticket: by its key a repeat is known, by its fingerprint a repeat with another body. */
export interface TicketRequest {
  readonly id: string;
  readonly key: string;
  readonly fingerprint: string;
  /** What follows from the request belongs to this. Stored where somebody records it. */
  readonly trace?: TraceContext;
}

/** A ticket as it was issued and stored, its event included. */
export interface IssuedTicket extends QueueDay {
  readonly id: string;
  readonly number: number;
  readonly request: TicketRequest;
  readonly customerId: string | undefined;
  /** Whose it is, see {@link Holder}. */
  readonly holder: string | undefined;
  /** The channel whose API key took it, and who alone may see it by a key; undefined where no key did. Not shown. */
  readonly keyChannel?: string | undefined;
  /** Where the branch allows a customer one ticket per service: the customer's place that this ticket takes. */
  readonly slot: string | undefined;
  readonly language: Branch['language'];
  readonly promotionsAllowed: boolean;
  readonly timeZone: string;
  /** What the caller was answered, word for word: a repeat of the request is answered the same. */
  readonly issued: Ticket;
  readonly createdAt: Date;
  /** Since when nothing in it tells of a person. It is not to be found any more; its number stays. */
  readonly erasedAt?: Date;
}

/** What has been changed in a ticket since it was issued. */
export interface TicketChanges {
  readonly status?: Ticket['status'] | undefined;
  readonly phone?: string | undefined;
}

/** A ticket as it stands: issued, perhaps changed, not cancelled. */
export interface StandingTicket extends IssuedTicket {
  readonly changes: (TicketChanges & { readonly at: Date }) | undefined;
}

export function queueDayOf({ place }: TicketDraft, now: Date): QueueDay {
  return {
    branchId: place.branch.id,
    queue: place.service.queue,
    businessDay: rememberedBusinessDay(place.branch, now),
  };
}

/**
 * Gives a draft its number in the queue of the day, and with it the estimates.
 *
 * @param ahead how many tickets wait before it
 */
export function issueTicket(
  draft: TicketDraft,
  queueDay: QueueDay,
  { number, ahead }: { number: number; ahead: number },
  now: Date,
): IssuedTicket {
  const { customer, place } = draft;
  const wait = expectedWait(ahead, place.service, place.branch);
  const facts = { ...draft, queue: queueDay.queue, number, createdAt: now, updatedAt: now };
  return {
    ...queueDay,
    id: draft.id,
    number,
    request: draft.request,
    customerId: customer?.id,
    holder: customer?.holder,
    keyChannel: draft.keyChannel,
    slot: customer && slotOf(customer.holder, place, queueDay),
    language: customer?.language ?? place.branch.language,
    promotionsAllowed: customer?.promotionsAllowed ?? true,
    timeZone: place.branch.time_zone,
    issued: presentTicket(facts, place, wait, now),
    createdAt: now,
  };
}

function slotOf(holder: string, { branch, service }: Place, { businessDay: day }: QueueDay): string | undefined {
  return branch.one_ticket_per_service ? `${branch.id}/${service.id}/${day}/${holder}` : undefined;
}

/** The id of a ticket's TicketCreated. */
export function createdEventIdOf(ticketId: string): string {
  return `${ticketId}.created`;
}

/** The event of a ticket: derived from what is stored, so that every resend is the same to the letter. */
export function ticketCreatedEvent(ticket: IssuedTicket): TicketCreated {
  return {
    specversion: '1.0',
    id: createdEventIdOf(ticket.id),
    source: '/turno/ticketing',
    type: 'turno.TicketCreated.v1',
    time: ticket.createdAt.toISOString(),
    subject: ticket.id,
    datacontenttype: 'application/json',
    requestid: ticket.request.id,
    data: {
      ...ticket.issued,
      language: ticket.language,
      promotions_allowed: ticket.promotionsAllowed,
      time_zone: ticket.timeZone,
      ...(ticket.customerId !== undefined && { customer_id: ticket.customerId }),
    },
  };
}
