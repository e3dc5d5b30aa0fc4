import { Refusal } from '@turno/shared';
import type { TicketStore } from './ticket-store.ts';
import type { IssuedTicket, TicketRequest } from './ticket.ts';

/**
 * The ticket that an earlier sending of the same request was given, if there was one.
 *
 * @throws Refusal when the key was used with another body
 */
export async function ticketOfEarlier(request: TicketRequest, store: TicketStore): Promise<IssuedTicket | undefined> {
  const ticket = await store.findByRequestKey(request.key);
  if (ticket && ticket.request.fingerprint !== request.fingerprint) throw new Refusal('KEY_USED_WITH_ANOTHER_BODY');
  return ticket;
}
