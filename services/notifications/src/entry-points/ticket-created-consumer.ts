import { isUnavailable } from '@turno/mongo';
import {
  Consumer,
  holdOff,
  ticketCreated,
  ticketCreatedSubscription,
  type BrokerConnection,
  type Logger,
  type Outcome,
  type Publisher,
  type Telemetry,
  type TicketCreated,
  type TraceContext,
} from '@turno/shared';

export interface TicketCreatedConsumerOptions {
  readonly connection: BrokerConnection;
  readonly publisher: Publisher;
  readonly notifyTicketCreated: (event: TicketCreated, trace?: TraceContext) => Promise<Outcome>;
  /** Has lost events announced again before their queue is made anew. */
  readonly onMissing: () => Promise<void>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** TicketCreated, from its queue to the use case. */
export function consumeTicketCreated({ notifyTicketCreated, ...options }: TicketCreatedConsumerOptions) {
  return new Consumer({
    ...options,
    subscription: ticketCreatedSubscription,
    schema: ticketCreated,
    handle: (event, trace) => notifyTicketCreated(event, trace).catch(holdOffWithoutDatabase),
  });
}

function holdOffWithoutDatabase(error: unknown): Outcome {
  if (!isUnavailable(error)) throw error;
  return holdOff(`the database does not answer: ${(error as Error).message}`);
}
