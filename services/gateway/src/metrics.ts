import { breakerStateNumbers, type OpsServer, type RpcClient, type TicketingRpc } from '@turno/shared';
import type { LoadShedding } from './http/load-shedding.ts';
import type { TicketingClient } from './ticketing-client.ts';

export interface Measured {
  readonly shedding: LoadShedding;
  readonly ticketing: TicketingClient;
  readonly rpc: RpcClient<TicketingRpc>;
}

/** What the gateway tells Prometheus about its load and about ticketing. */
export function exposeMetrics(ops: OpsServer, { shedding, ticketing, rpc }: Measured): void {
  ops.gauge('turno_http_requests_in_flight', 'Requests to the API that are not answered yet', () => shedding.inFlight);
  ops.counter('turno_http_requests_shed_total', 'Requests to the API refused under load', () => shedding.shed);
  ops.gauge(
    'turno_breaker_state',
    'The breaker before ticketing: 0 closed, 1 half-open, 2 open',
    () => breakerStateNumbers[ticketing.breakerState],
  );
  ops.gauge('turno_rpc_calls_pending', 'Calls to ticketing that are not answered yet', () => rpc.pending);
}
