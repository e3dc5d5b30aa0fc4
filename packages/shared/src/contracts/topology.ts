/** A queue with the arguments it is declared with; every declarer must use the same ones or the broker refuses. */
export interface QueueDefinition {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface ExchangeDefinition {
  readonly name: string;
  readonly type: 'topic' | 'direct';
}

export interface Subscription {
  readonly queue: QueueDefinition;
  readonly deadLetterQueue: QueueDefinition;
  readonly exchange: ExchangeDefinition;
  readonly routingKey: string;
}

/** Requests for ticketing. Classic: a request is worth nothing after its deadline, so it need not survive the broker. */
export const ticketingRpcQueue: QueueDefinition = {
  name: 'ticketing.rpc',
  arguments: { 'x-queue-type': 'classic' },
};

/** Requests for notifications, of operators. */
export const notificationsRpcQueue: QueueDefinition = {
  name: 'notifications.rpc',
  arguments: { 'x-queue-type': 'classic' },
};

export const ticketingEvents: ExchangeDefinition = { name: 'ticketing.events', type: 'topic' };

export const routingKeys = { ticketCreated: 'ticket.created' } as const;

const ticketCreatedDead: QueueDefinition = {
  name: 'notifications.ticket-created.dead',
  // Without a limit: the default one of 20 would drop a dead letter for good once lookers have crashed so often.
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': -1 },
};

/** TicketCreated on its way to notifications. */
export const ticketCreatedSubscription: Subscription = {
  exchange: ticketingEvents,
  routingKey: routingKeys.ticketCreated,
  deadLetterQueue: ticketCreatedDead,
  queue: {
    name: 'notifications.ticket-created',
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': 10,
      // The broker holds a rejected message back: 1 s after the first attempt, 2 s after the second, a minute at most.
      'x-delayed-retry-type': 'failed',
      'x-delayed-retry-min': 1_000,
      'x-delayed-retry-max': 60_000,
      // A dead letter leaves this queue only when the dead-letter queue has confirmed it; that wants reject-publish and a bound.
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': ticketCreatedDead.name,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
      'x-max-length': 10_000_000,
    },
  },
};

/** All that is consumed with a dead-letter queue behind it. */
export const subscriptions: readonly Subscription[] = [ticketCreatedSubscription];
