import { notificationsEntrances, ticketingEntrances } from './rpc-entrances.ts';
import { ticketCreatedSubscription, ticketingEvents } from './topology.ts';

/**
 * What an account may do at the broker, each a regular expression over names of exchanges and queues.
 *
 * @see https://www.rabbitmq.com/docs/access-control#authorisation for what each operation asks for
 */
export interface BrokerRights {
  /** Declare and delete. */
  readonly configure: string;
  /** Publish to an exchange, bind a queue. */
  readonly write: string;
  /** Consume from a queue, bind to an exchange, declare a queue with a dead-letter exchange. */
  readonly read: string;
}

/**
 * What an account may have open at the broker, all its instances together: tens of instances have room, and one that was
 * broken into, or leaks, cannot take the sockets and the memory of the others.
 */
export const brokerLimits = { 'max-connections': 200, 'max-channels': 2_000 } as const;

export const brokerUsers = ['gateway', 'ticketing', 'notifications'] as const;
export type BrokerUser = (typeof brokerUsers)[number];

const { queue, deadLetterQueue } = ticketCreatedSubscription;

/** The default exchange: replies and dead letters go by it straight to a queue. Who has it can put a message into any. */
const defaultExchange = 'amq.default';
const none = '^$';

/**
 * What each service needs and no more. A service owns the exchanges and queues that begin with its name. Beyond these,
 * publisher and subscriber of an event may each declare all of the subscription, so that either can come first.
 *
 * Direct reply-to asks for no right. A passive declare, as for a queue's depth, asks for that to configure.
 */
export const brokerRights: Readonly<Record<BrokerUser, BrokerRights>> = {
  gateway: {
    configure: none,
    write: anyOf(ticketingEntrances.gateway.exchange.name, notificationsEntrances.gateway.exchange.name),
    read: none,
  },
  ticketing: {
    configure: anyOf(own('ticketing'), queue.name, deadLetterQueue.name),
    write: anyOf(defaultExchange, own('ticketing'), queue.name),
    read: anyOf(own('ticketing'), queue.name),
  },
  notifications: {
    configure: anyOf(own('notifications'), ticketingEvents.name),
    write: anyOf(defaultExchange, own('notifications'), ticketingEntrances.notifications.exchange.name),
    read: anyOf(own('notifications'), ticketingEvents.name),
  },
};

/** All names below a service's. */
function own(service: string): { readonly below: string } {
  return { below: service };
}

function anyOf(...names: readonly (string | { readonly below: string })[]): string {
  const patterns = names.map((name) => (typeof name === 'string' ? literal(name) : `${literal(name.below)}\\..+`));
  return `^(${patterns.join('|')})$`;
}

function literal(name: string): string {
  return name.replaceAll('.', String.raw`\.`);
}
