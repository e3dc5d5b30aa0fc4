import { hash } from 'node:crypto';
import {
  Refusal,
  type Clock,
  type CreateTicket,
  type Principal,
  type RefusalReason,
  type Ticket,
  type TraceContext,
} from '@turno/shared';
import { assertOwnId, channelFor, identifyFor, keyChannelOf, maySayWhere } from './access.ts';
import { assertServes, type CatalogueIndex } from './catalogue-index.ts';
import type { CustomerDirectory } from './customer.ts';
import type { TicketIds } from './outbox.ts';
import { promotionsFor } from './promotions.ts';
import type { QueueLanes } from './queue-lanes.ts';
import { ticketOfEarlier } from './request-key.ts';
import { RequestsInProgress } from './requests-in-progress.ts';
import type { TicketLimits } from './ticket-limits.ts';
import type { TicketStore } from './ticket-store.ts';
import type { IssuedTicket, TicketDraft, TicketRequest } from './ticket.ts';

export interface CreateTicketDependencies {
  /** The catalogue as of now. */
  readonly catalogue: () => CatalogueIndex;
  readonly customers: CustomerDirectory;
  readonly tickets: TicketStore;
  readonly lanes: QueueLanes;
  /** Without any, nobody takes too many tickets. */
  readonly limits?: Pick<TicketLimits, 'within'>;
  /** Makes the stored ticket known; never fails, because the event is stored with the ticket. */
  readonly announce: (ticket: IssuedTicket) => void;
  /** Is told of each request that was refused: not of a repeat, which gets its ticket. */
  readonly onRefused?: (reason: RefusalReason) => void;
  readonly clock: Clock;
  readonly ids: TicketIds;
}

export interface CreateTicketContext {
  readonly requestId: string;
  readonly trace?: TraceContext | undefined;
  readonly requestKey: string;
  readonly principal: Principal;
  readonly deadline: number;
}

/**
 * Takes a turn: finds the place and the customer, gives the ticket its number, stores it with its event, announces it.
 * A request that got its ticket is answered with it as long as its key stands, whatever has been closed or used up since.
 *
 * @throws Refusal when the catalogue, the directory or a limit on tickets says no, or the principal may not
 * @throws OutcomeUnknown when the database did not answer; a repeat under the same key settles it
 */
export function createTicketUseCase(dependencies: CreateTicketDependencies) {
  const { catalogue, customers, tickets, lanes, limits, announce, onRefused, clock, ids } = dependencies;
  const inProgress = new RequestsInProgress();

  return async (command: CreateTicket, context: CreateTicketContext): Promise<Ticket> => {
    const { requestId: id, trace, requestKey: key, principal, deadline } = context;
    const request = { id, key, fingerprint: fingerprint(command), ...(trace && { trace }) };
    const ticket = await inProgress.run(request, deadline, () => takeTurn(command, principal, request, deadline));
    return ticket.issued;
  };

  async function takeTurn(
    command: CreateTicket,
    principal: Principal,
    request: TicketRequest,
    deadline: number,
  ): Promise<IssuedTicket> {
    try {
      return await store(await draftTicket(command, principal, request), deadline);
    } catch (error) {
      const earlier = error instanceof Refusal ? await ticketOfEarlier(request, tickets, clock()) : undefined;
      if (earlier) return earlier;
      if (error instanceof Refusal) onRefused?.(error.reason);
      throw error;
    }
  }

  async function store(draft: TicketDraft, deadline: number): Promise<IssuedTicket> {
    try {
      const enter = () => lanes.enter(draft, deadline);
      const ticket = await (limits ? limits.within(draft, enter) : enter());
      // A repeat is given the ticket of the first time, whose event is on its way already.
      if (ticket.id === draft.id) announce(ticket);
      else ids.release(draft.id);
      return ticket;
    } catch (error) {
      if (error instanceof Refusal) ids.release(draft.id);
      else ids.doubt(draft.id);
      throw error;
    }
  }

  async function draftTicket(
    command: CreateTicket,
    principal: Principal,
    request: TicketRequest,
  ): Promise<TicketDraft> {
    const takenAt = channelFor(principal, command);
    assertOwnId(principal, command, 'CUSTOMER_OF_ANOTHER');
    const index = catalogue();
    const place = index.place(command.branch_id, command.sector_id, command.service_id);
    const directory = index.directory(customers);
    const customer = await identifyFor(principal, command, directory, 'CUSTOMER_OF_ANOTHER');
    assertServes(place);

    const scope = { branchId: place.branch.id, serviceId: place.service.id, channel: takenAt, now: clock() };
    return {
      id: await ids.take(),
      place,
      channel: command.channel,
      keyChannel: keyChannelOf(principal),
      customer,
      phone: command.phone ?? customer?.phone,
      messages: promotionsFor(index.catalogue.promotions, scope),
      status: maySayWhere(principal) && index.isOnTheSpot(takenAt) ? 'ENABLED' : 'BLOCKED',
      request,
    };
  }
}

/** Equal for two requests that ask for the same: validation has put the fields in one order and dropped the rest. */
function fingerprint(command: CreateTicket): string {
  return hash('sha256', JSON.stringify(command), 'base64url');
}
