import { z } from 'zod';
import { apiKeyList } from './api-keys.ts';
import { branchDetails, sectorDetails } from './branch.ts';
import { changeTicket } from './change-ticket.ts';
import { createTicket } from './create-ticket.ts';
import * as field from './fields.ts';
import { queueDepthList } from './queue-depths.ts';
import { documentWhole } from './identity-document.ts';
import { principal } from './principal.ts';
import { ticketFigures } from './ticket-figures.ts';
import { operatingStatus, service, ticket } from './ticket.ts';

const nothing = z.object({});
/** The calls that are about tickets say who makes them: ticketing decides what that one may do. */
const by = { principal };
const page = { offset: field.offset, limit: field.limit };
const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

/** A part of a list, and how many items the whole list has. */
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), count: z.int().min(0) });

/** Tickets of one customer, who is named as in CreateTicket; a customer who names nobody means itself. */
export const listTickets = documentWhole(
  z.object({
    customer_id: field.customerId.optional(),
    customer_id_type: field.customerIdType.optional(),
    customer_id_number: field.customerIdNumber.optional(),
    ...page,
    ...by,
  }),
);

/** Branches that meet all conditions; nearest first where a position is given, else by shortest wait. */
export const listBranches = z.object({
  service_id: field.serviceId.optional(),
  code: field.branchCode.optional(),
  status: operatingStatus.optional(),
  is_virtual: z.boolean().optional(),
  min_latitude: latitude.optional(),
  max_latitude: latitude.optional(),
  /** Greater than the maximum for a box that crosses the date line. */
  min_longitude: longitude.optional(),
  max_longitude: longitude.optional(),
  near: z.object({ latitude, longitude }).optional(),
  ...page,
});

/** What names something in a request for a ticket, of a request that is broken further on. */
export const ticketNames = z.object({
  branch_id: field.branchId,
  sector_id: field.sectorId.optional(),
  service_id: field.serviceId.optional(),
  customer_id: field.customerId.optional(),
});

/** What the owner of a phone said of promotions, with STOP or START. */
export const promotionsDecision = z.object({
  phone: field.phone,
  /** Whether they are wanted. */
  allowed: z.boolean(),
  /** When it was said: an older word changes nothing. */
  since: field.instant,
});

/** The calls that ticketing answers: the AMQP `type` of the request, the shape of its body and of its result. */
export const ticketingRpc = {
  CreateTicket: { request: createTicket.safeExtend(by), result: ticket },
  /** Refuses the first of the names that leads nowhere. */
  CheckNames: { request: ticketNames.extend(by), result: nothing },
  ListTickets: { request: listTickets, result: pageOf(ticket) },
  ReadTicket: { request: z.object({ ticket_id: field.ticketId, ...by }), result: ticket },
  ChangeTicket: { request: z.object({ ticket_id: field.ticketId, change: changeTicket, ...by }), result: nothing },
  CancelTicket: { request: z.object({ ticket_id: field.ticketId, ...by }), result: nothing },
  ListBranches: { request: listBranches, result: pageOf(branchDetails) },
  ReadBranch: { request: z.object({ branch_id: field.branchId }), result: branchDetails },
  ListSectors: {
    request: z.object({ branch_id: field.branchId, service_id: field.serviceId.optional() }),
    result: z.array(sectorDetails),
  },
  ListServices: {
    request: z.object({ branch_id: field.branchId.optional(), sector_id: field.sectorId.optional(), ...page }),
    result: pageOf(service),
  },
  /**
   * Announces every ticket of the last 24 hours again: for whoever lost TicketCreated events, or cannot know that it did
   * not. Answered once that is sure to happen.
   */
  AnnounceTicketsAgain: { request: nothing, result: nothing },
  /** Puts it down for every customer of the directory who has the phone; for nobody, where nobody has. Safe to repeat. */
  DecidePromotions: { request: promotionsDecision, result: nothing },
  /** Those that are neither revoked nor expired, for gateways that ask for them. */
  ListApiKeys: { request: nothing, result: apiKeyList },
  /** How much there is to do, for the console. */
  GetTicketFigures: { request: nothing, result: ticketFigures },
  /** Of ticketing's queues and of the events: only their owners may ask the broker, not the gateway. */
  GetTicketQueueDepths: { request: nothing, result: queueDepthList },
  /** Answers when ticketing could create a ticket now; used by the gateway's readiness. */
  Ping: { request: nothing, result: nothing },
} as const;

export type TicketingRpc = typeof ticketingRpc;

/** Those that no caller of the API is behind: whoever measures calls leaves them out. */
export const operatorsCalls: readonly (keyof TicketingRpc)[] = [
  'GetTicketFigures',
  'GetTicketQueueDepths',
  'ListApiKeys',
  'Ping',
];
export type PromotionsDecision = z.infer<typeof promotionsDecision>;
export type TicketNames = z.infer<typeof ticketNames>;
export type ListTickets = z.infer<typeof listTickets>;
export type ListBranches = z.infer<typeof listBranches>;
export type ListServices = z.infer<TicketingRpc['ListServices']['request']>;
export type ListSectors = z.infer<TicketingRpc['ListSectors']['request']>;
export type ServiceDetails = z.infer<typeof service>;

/** A part of a list, and how many items the whole list has. */
export interface Page<T> {
  readonly items: T[];
  readonly count: number;
}
