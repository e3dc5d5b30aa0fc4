import { asOutcome } from '@turno/mongo';
import {
  queueDepths,
  RpcServer,
  ticketCreatedSubscription,
  ticketingEntrances,
  ticketingRpc,
  ticketingRpcQueue,
  type BrokerConnection,
  type KnownApiKey,
  type Logger,
  type RpcHandlers,
  type Telemetry,
  type TicketingRpc,
} from '@turno/shared';
import type { ApiKey, ApiKeyStore } from '../domain/api-key-store.ts';
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
    readonly validApiKeys: () => ReturnType<ApiKeyStore['valid']>;
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
  const { checkNames, createTicket, standingTickets, branches, announceAgain, decidePromotions, ...rest } = useCases;
  const { ticketFigures, validApiKeys } = rest;
  const handlers: RpcHandlers<TicketingRpc> = {
    CreateTicket: async ({ principal, ...command }, context) => {
      const ticket = await createTicket(command, { ...context, principal });
      const { id, queue, number, branch } = ticket;
      context.logger.info({ ticket_id: id, queue, number, branch_id: branch.id }, 'ticket created');
      return ticket;
    },
    CheckNames: async (request) => {
      await checkNames(request);
      return {};
    },
    ListTickets: (request) => standingTickets.list(request),
    ReadTicket: ({ ticket_id: id, principal }) => standingTickets.read(id, principal),
    ChangeTicket: async ({ ticket_id: id, change, principal }, { logger }) => {
      await standingTickets.change(id, principal, change);
      logger.info({ ticket_id: id, status: change.status, phone: change.phone }, 'ticket changed');
      return {};
    },
    CancelTicket: async ({ ticket_id: id, principal }, { logger, requestKey }) => {
      await standingTickets.cancel(id, principal, requestKey);
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
    ListApiKeys: async () => ({ keys: (await validApiKeys()).map(asKnown) }),
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

/** A key's name is for operators, and of no use to a gateway. */
function asKnown({ id, hash, channel, expiresAt }: ApiKey): KnownApiKey {
  return { id, hash, channel, ...(expiresAt && { expires_at: expiresAt.toISOString() }) };
}
