import {
  Refusal,
  type ChangeTicket,
  type Clock,
  type ListTickets,
  type Page,
  type Principal,
  type Ticket,
} from '@turno/shared';
import { identifyFor, reachOf } from './access.ts';
import type { CatalogueIndex } from './catalogue-index.ts';
import type { CustomerDirectory } from './customer.ts';
import { presentTicket } from './present-ticket.ts';
import type { QueueLanes } from './queue-lanes.ts';
import { rememberedBusinessDay } from './remembered-time.ts';
import type { StandingTickets } from './ticket-store.ts';
import type { StandingTicket } from './ticket.ts';
import { expectedWait } from './waiting-time.ts';

export interface StandingTicketDependencies {
  readonly catalogue: () => CatalogueIndex;
  readonly customers: CustomerDirectory;
  readonly tickets: StandingTickets;
  readonly lanes: QueueLanes;
  readonly clock: Clock;
}

/**
 * Reads, changes and cancels tickets that were issued before. One that the principal does not reach is as one that is not
 * there.
 */
export function standingTicketUseCases({ catalogue, customers, tickets, lanes, clock }: StandingTicketDependencies) {
  return { list, read, change, cancel };

  /** @throws Refusal when the directory does not know the customer, or a customer asks for another one */
  async function list({ principal, offset, limit, ...names }: ListTickets): Promise<Page<Ticket>> {
    const directory = catalogue().directory(customers);
    const customer = await identifyFor(principal, names, directory, 'TICKET_NOT_FOUND');
    if (!customer) throw new Refusal('UNKNOWN_CUSTOMER');
    const { items, count } = await tickets.heldBy(customer.holder, reachOf(principal), { offset, limit });
    return { items: await Promise.all(items.map(asOfNow)), count };
  }

  /** @throws Refusal when there is no such ticket */
  async function read(id: string, principal: Principal): Promise<Ticket> {
    const ticket = await tickets.find(id, reachOf(principal));
    if (!ticket) throw new Refusal('TICKET_NOT_FOUND');
    return asOfNow(ticket);
  }

  /** @throws Refusal when there is no such ticket */
  async function change(id: string, principal: Principal, changes: ChangeTicket): Promise<void> {
    if (!(await tickets.change(id, reachOf(principal), changes, clock()))) throw new Refusal('TICKET_NOT_FOUND');
  }

  /**
   * The ticket leaves its queue, and its customer may take another one.
   *
   * @throws Refusal when there is no such ticket
   */
  async function cancel(id: string, principal: Principal, requestKey: string): Promise<void> {
    const queueDay = await tickets.cancel(id, reachOf(principal), requestKey, clock());
    if (!queueDay) throw new Refusal('TICKET_NOT_FOUND');
    lanes.noteCancelled(queueDay);
  }

  async function asOfNow(ticket: StandingTicket): Promise<Ticket> {
    const { issued, changes, createdAt } = ticket;
    const status = changes?.status ?? issued.status;
    const phone = changes?.phone ?? issued.phone;
    const updatedAt = changes?.at ?? createdAt;
    const place = catalogue().find(issued.branch.id, issued.sector.id, issued.service.id);
    const now = clock();
    // What has left the catalogue since is shown as it was.
    if (!place)
      return { ...issued, status, ...(phone !== undefined && { phone }), updated_at: updatedAt.toISOString() };
    const wait = expectedWait(
      await ticketsAhead(ticket, rememberedBusinessDay(place.branch, now)),
      place.service,
      place.branch,
    );
    return presentTicket({ ...issued, status, phone, createdAt, updatedAt }, place, wait, now);
  }

  /** Nobody is ahead of a ticket whose day is over. Numbers have no gaps, so the rest were cancelled. */
  async function ticketsAhead({ number, ...queueDay }: StandingTicket, today: string): Promise<number> {
    if (queueDay.businessDay !== today) return 0;
    return number - 1 - (await tickets.cancelledCount(queueDay, number));
  }
}
