import type { Clock, Ticket, TicketCreated } from '@turno/shared';
import { businessDay, nextOpening } from './branch-time.ts';
import type { Place } from './catalogue-index.ts';
import type { Customer } from './customer.ts';
import { congestionLevel, estimate, expectedWait } from './waiting-time.ts';

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
  readonly channel: string | undefined;
  readonly phone: string | undefined;
  readonly customer: Customer | undefined;
  readonly messages: readonly string[];
  readonly status: Ticket['status'];
  readonly request: TicketRequest;
}

/** The request behind a ticket: by its key a repeat is known, by its fingerprint a repeat with another body. */
export interface TicketRequest {
  readonly id: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** A ticket as it is stored, its event included. */
export interface IssuedTicket extends QueueDay {
  readonly id: string;
  readonly number: number;
  readonly request: TicketRequest;
  readonly customerId: string | undefined;
  readonly language: Customer['language'];
  readonly promotionsAllowed: boolean;
  readonly timeZone: string;
  /** What the caller was answered, word for word: a repeat of the request is answered the same. */
  readonly issued: Ticket;
  readonly createdAt: Date;
}

export function queueDayOf({ place }: TicketDraft, now: Date): QueueDay {
  return { branchId: place.branch.id, queue: place.service.queue, businessDay: businessDay(place.branch, now) };
}

/** Gives a draft its number in the queue of the day, and with it the estimates. */
export function issueTicket(draft: TicketDraft, queueDay: QueueDay, number: number, clock: Clock): IssuedTicket {
  const now = clock();
  return {
    ...queueDay,
    id: draft.id,
    number,
    request: draft.request,
    customerId: draft.customer?.id,
    language: draft.customer?.language ?? 'es',
    promotionsAllowed: draft.customer?.promotionsAllowed ?? true,
    timeZone: draft.place.branch.time_zone,
    issued: presentTicket(draft, number, now),
    createdAt: now,
  };
}

/** The ticket in the contract's shape and order of fields. */
function presentTicket(draft: TicketDraft, number: number, now: Date): Ticket {
  const { branch, sector, service } = draft.place;
  const wait = expectedWait(number - 1, service, branch);
  const { low, high } = estimate(wait, branch);
  const { opens, closes } = nextOpening(branch, now);
  return {
    id: draft.id,
    queue: service.queue,
    number,
    ...(draft.channel !== undefined && { channel: draft.channel }),
    status: draft.status,
    low_estimated_time: String(low),
    high_estimated_time: String(high),
    ...(draft.phone !== undefined && { phone: draft.phone }),
    messages: [...draft.messages],
    branch: {
      id: branch.id,
      name: branch.name,
      short_name: branch.short_name,
      code: branch.code,
      address: branch.address,
      latitude: branch.latitude,
      longitude: branch.longitude,
      status: branch.status,
      opening_time: opens.toISOString(),
      closing_time: closes.toISOString(),
      congestion_level: congestionLevel(wait, branch),
    },
    sector: { id: sector.id, name: sector.name, short_name: sector.short_name, status: sector.status },
    service: { id: service.id, name: service.name, short_name: service.short_name },
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
  };
}

/** The event of a ticket: derived from what is stored, so that every resend is the same to the letter. */
export function ticketCreatedEvent(ticket: IssuedTicket): TicketCreated {
  return {
    specversion: '1.0',
    id: `${ticket.id}.created`,
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
