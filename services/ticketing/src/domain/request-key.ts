import { Refusal } from '@turno/shared';
import type { IssuedTicket, TicketRequest } from './ticket.ts';
import type { TicketStore } from './ticket-store.ts';

/** A request's key stands for its ticket for 24 hours; then it may be used for another request. */
export const requestKeyLifetimeMs = 24 * 60 * 60 * 1_000;

/**
 * The ticket that an earlier sending of the same request was given, if there was one and its key still stands.
 *
 * @throws Refusal when the key was used with another body
 */
export async function ticketOfEarlier(
  request: TicketRequest,
  store: TicketStore,
  now: Date,
): Promise<IssuedTicket | undefined> {
  const [ticket] = await store.findByRequestKeys([request.key]);
  return ticket && !hasExpired(ticket, now) ? ticketOfRepeat(request, ticket) : undefined;
}

/**
 * The ticket that stands under a request's key, for a repeat of that request.
 *
 * @throws Refusal when the key was used with another body
 */
export function ticketOfRepeat({ fingerprint }: TicketRequest, ticket: IssuedTicket): IssuedTicket {
  // Nothing tells any more what was asked for. It was carried out, and is not to be carried out again.
  if (ticket.erasedAt) return ticket;
  if (ticket.request.fingerprint !== fingerprint) throw new Refusal('KEY_USED_WITH_ANOTHER_BODY');
  return ticket;
}

export function hasExpired(ticket: IssuedTicket, now: Date): boolean {
  return now.getTime() - ticket.createdAt.getTime() >= requestKeyLifetimeMs;
}
