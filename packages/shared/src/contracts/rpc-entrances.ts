import { notificationsRpc, type NotificationsRpc } from './notifications-rpc.ts';
import { ticketingRpc, type TicketingRpc } from './ticketing-rpc.ts';
import type { ExchangeDefinition } from './topology.ts';

/**
 * By which one caller's requests reach a service, and what it may ask. The broker's rights say who may publish there, and a
 * delivery says where it came from, which no publisher can forge. A request that came by no entrance is refused: whoever
 * answers calls must be able to publish to the default exchange, and could put one straight into another's queue.
 */
export interface RpcEntrance<M extends string = string> {
  readonly exchange: ExchangeDefinition;
  readonly methods: ReadonlySet<M>;
}

type TicketingMethod = keyof TicketingRpc;

const ofNotifications: readonly TicketingMethod[] = ['AnnounceTicketsAgain', 'DecidePromotions'];
const ofTheGateway = (Object.keys(ticketingRpc) as TicketingMethod[]).filter(
  (method) => !ofNotifications.includes(method),
);

export const ticketingEntrances = {
  gateway: entrance('ticketing.rpc.gateway', ofTheGateway),
  notifications: entrance('ticketing.rpc.notifications', ofNotifications),
};

export const notificationsEntrances = {
  gateway: entrance('notifications.rpc.gateway', Object.keys(notificationsRpc) as (keyof NotificationsRpc)[]),
};

/** Of all services. */
export const rpcExchanges: readonly ExchangeDefinition[] = [
  ...Object.values(ticketingEntrances),
  ...Object.values(notificationsEntrances),
].map(({ exchange }) => exchange);

function entrance<M extends string>(name: string, methods: readonly M[]): RpcEntrance<M> {
  return { exchange: { name, type: 'direct' }, methods: new Set(methods) };
}
