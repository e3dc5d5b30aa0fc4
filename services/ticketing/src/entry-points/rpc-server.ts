import { asOutcome } from '@turno/mongo';
import {
  RpcServer,
  ticketingRpc,
  ticketingRpcQueue,
  type BrokerConnection,
  type Logger,
  type RpcHandlers,
  type TicketingRpc,
} from '@turno/shared';
import type { createTicketUseCase } from '../domain/create-ticket.ts';

export interface TicketingRpcServerOptions {
  readonly consumeOn: BrokerConnection;
  readonly replyOn: BrokerConnection;
  readonly createTicket: ReturnType<typeof createTicketUseCase>;
  /** Throws when ticketing could not create a ticket now. */
  readonly assertAble: () => Promise<void>;
  readonly logger: Logger;
}

/** The calls of ticketing, from the queue to the use cases. */
export function serveTicketingRpc({ createTicket, assertAble, ...options }: TicketingRpcServerOptions) {
  const handlers: RpcHandlers<TicketingRpc> = {
    CreateTicket: async (request, context) => {
      const ticket = await createTicket(request, context).catch((error: unknown) => {
        throw asOutcome(error);
      });
      const { id, queue, number, branch } = ticket;
      context.logger.info({ ticket_id: id, queue, number, branch_id: branch.id }, 'ticket created');
      return ticket;
    },
    Ping: async () => {
      await assertAble();
      return {};
    },
  };
  return new RpcServer({ ...options, contract: ticketingRpc, queue: ticketingRpcQueue, handlers });
}
