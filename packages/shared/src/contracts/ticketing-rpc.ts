import { z } from 'zod';
import { createTicket } from './create-ticket.ts';
import { ticket } from './ticket.ts';

/** The calls that ticketing answers: the AMQP `type` of the request, the shape of its body and of its result. */
export const ticketingRpc = {
  CreateTicket: { request: createTicket, result: ticket },
  /** Answers when ticketing could create a ticket now; used by the gateway's readiness. */
  Ping: { request: z.object({}), result: z.object({}) },
} as const;

export type TicketingRpc = typeof ticketingRpc;
