import {
  breakerStateNumbers,
  exposeBroker,
  type BrokerConnection,
  type Metrics,
  type RpcClient,
  type TicketingRpc,
} from '@turno/shared';
import type { LoadShedding } from './http/load-shedding.ts';
import type { TicketingClient } from './ticketing-client.ts';

export interface Measured {
  readonly connection: BrokerConnection;
  readonly shedding: LoadShedding;
  readonly ticketing: TicketingClient;
  readonly rpc: RpcClient<TicketingRpc>;
}

/** What the gateway tells Prometheus about its load and about ticketing. */
export function exposeMetrics(metrics: Metrics, { connection, shedding, ticketing, rpc }: Measured): void {
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
}
