import {
  Consumer,
  ticketCreated,
  ticketCreatedSubscription,
  type BrokerConnection,
  type Logger,
  type Outcome,
  type Publisher,
  type TicketCreated,
} from '@turno/shared';

export interface TicketCreatedConsumerOptions {
  readonly connection: BrokerConnection;
  readonly publisher: Publisher;
  readonly notifyTicketCreated: (event: TicketCreated) => Promise<Outcome>;
  /** Has lost events announced again before their queue is made anew. */
  readonly onMissing: () => Promise<void>;
  readonly logger: Logger;
}

/** TicketCreated, from its queue to the use case. */
export function consumeTicketCreated({ notifyTicketCreated, ...options }: TicketCreatedConsumerOptions) {
  return new Consumer({
    ...options,
    subscription: ticketCreatedSubscription,
    schema: ticketCreated,
    handle: notifyTicketCreated,
  });
}
