import {
  breakerStateNumbers,
  exposeBroker,
  type BrokerConnection,
  type Metrics,
  type RefusedConnections,
  type RpcClient,
  type TicketingRpc,
} from '@turno/shared';
import type { LoadShedding } from './http/load-shedding.ts';
import { limitNames, type LimitName } from './http/rate-limit.ts';
import type { SharedCounts } from './shared-counts.ts';
import type { TicketingClient } from './ticketing-client.ts';

export interface Measured {
  readonly connection: BrokerConnection;
  readonly shedding: LoadShedding;
  readonly ticketing: TicketingClient;
  readonly rpc: RpcClient<TicketingRpc>;
  readonly refusedConnections: Readonly<RefusedConnections>;
  /** Undefined where each gateway counts for itself. */
  readonly counts: SharedCounts | undefined;
}

/** What the gateway tells Prometheus about its load and about ticketing. */
export function exposeMetrics(metrics: Metrics, measured: Measured): void {
  const { connection, shedding, ticketing, rpc, refusedConnections, counts } = measured;
  exposeBroker(metrics, [connection]);
  metrics.gauge(
    'turno_http_requests_in_flight',
    'Requests to the API that are not answered yet',
    () => shedding.inFlight,
  );
  metrics.counter('turno_http_requests_shed_total', 'Requests to the API refused under load', () => shedding.shed);
  metrics.gauge(
    'turno_breaker_state',
    'The breaker before ticketing: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[ticketing.breakerState],
  );
  metrics.gauge('turno_rpc_calls_pending', 'Calls to ticketing that are not answered yet', () => rpc.pending);
  metrics.counter(
    'turno_http_connections_refused_total',
    'Connections to the API closed at once, because there were too many in all or from their address',
    () => refusedConnections.total + refusedConnections.address,
  );
  if (!counts) return;
  metrics.gauge('turno_rate_limits_shared', '1 while requests are counted together with the other gateways', () =>
    counts.isShared ? 1 : 0,
  );
}

/** Counts the requests that a rate limit refuses. */
export function countLimited(metrics: Metrics): (limit: LimitName) => void {
  const limited = metrics.counters(
    'turno_http_requests_limited_total',
    'Requests to the API refused because their address, API key or customer sent too many',
    ['limit'],
  );
  for (const limit of limitNames) limited.inc({ limit }, 0);
  return (limit) => limited.inc({ limit });
}
