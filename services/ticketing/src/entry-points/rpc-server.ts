import { asOutcome } from '@turno/mongo';
import {
  queueDepths,
  RpcServer,
  ticketCreatedSubscription,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  type BrokerConnection,
  type Logger,
  type RpcHandlers,
  type Telemetry,
  type TicketingRpc,
} from '@turno/shared';
import type { announceAgainUseCase } from '../domain/announce-again.ts';
import type { branchUseCases } from '../domain/branches.ts';
import type { checkNamesUseCase } from '../domain/check-names.ts';
import type { createTicketUseCase } from '../domain/create-ticket.ts';
import type { PromotionsDecisions } from '../domain/customer.ts';
import type { standingTicketUseCases } from '../domain/standing-tickets.ts';
import type { ticketFiguresUseCase } from '../domain/ticket-figures.ts';

export interface TicketingRpcServerOptions {
  readonly consumeOn: BrokerConnection;
  readonly replyOn: BrokerConnection;
  readonly useCases: {
    readonly checkNames: ReturnType<typeof checkNamesUseCase>;
    readonly createTicket: ReturnType<typeof createTicketUseCase>;
    readonly standingTickets: ReturnType<typeof standingTicketUseCases>;
    readonly branches: ReturnType<typeof branchUseCases>;
    readonly announceAgain: ReturnType<typeof announceAgainUseCase>;
    readonly decidePromotions: PromotionsDecisions['decidePromotions'];
    readonly ticketFigures: ReturnType<typeof ticketFiguresUseCase>;
  };
  /** Throws when ticketing could not create a ticket now. */
  readonly assertAble: () => Promise<void>;
  readonly telemetry?: Telemetry;
  readonly logger: Logger;
}

const events = ticketCreatedSubscription;
const watchedQueues = [ticketingRpcQueue.name, events.queue.name, events.deadLetterQueue.name];

/** The calls of ticketing, from the queue to the use cases. */
export function serveTicketingRpc({ useCases, assertAble, ...options }: TicketingRpcServerOptions) {
  const { checkNames, createTicket, standingTickets, branches, announceAgain, decidePromotions, ticketFigures } =
    useCases;
  const handlers: RpcHandlers<TicketingRpc> = {
    CreateTicket: async (request, context) => {
      const ticket = await createTicket(request, context);
      const { id, queue, number, branch } = ticket;
      context.logger.info({ ticket_id: id, queue, number, branch_id: branch.id }, 'ticket created');
      return ticket;
    },
    CheckNames: async (request) => {
      await checkNames(request);
      return {};
    },
    ListTickets: (request) => standingTickets.list(request),
    ReadTicket: ({ ticket_id: id }) => standingTickets.read(id),
    ChangeTicket: async ({ ticket_id: id, change }, { logger }) => {
      await standingTickets.change(id, change);
      logger.info({ ticket_id: id, status: change.status, phone: change.phone }, 'ticket changed');
      return {};
    },
    CancelTicket: async ({ ticket_id: id }, { logger, requestKey }) => {
      await standingTickets.cancel(id, requestKey);
      logger.info({ ticket_id: id }, 'ticket cancelled');
      return {};
    },
    ListBranches: (request) => branches.list(request),
    ReadBranch: ({ branch_id: id }) => branches.read(id),
    ListSectors: async (request) => branches.listSectors(request),
    ListServices: async (request) => branches.listServices(request),
    AnnounceTicketsAgain: async () => {
      await announceAgain();
      return {};
    },
    DecidePromotions: async ({ phone, allowed, since }, { logger }) => {
      const customers = await decidePromotions({ phone, allowed, since: new Date(since) });
      logger.info({ phone, allowed, customers }, 'a phone has decided on promotions');
      return {};
    },
    GetTicketFigures: () => ticketFigures(),
    GetTicketQueueDepths: async () => ({ queues: await queueDepths(options.replyOn, watchedQueues) }),
    Ping: async () => {
      await assertAble();
      return {};
    },
  };
  return new RpcServer({
    ...options,
    contract: ticketingRpc,
    queue: ticketingRpcQueue,
    entrances: Object.values(ticketingEntrances),
    handlers,
    asOutcome,
  });
}
