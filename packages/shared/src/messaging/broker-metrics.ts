import type { Metrics } from '../telemetry/metrics.ts';
import type { BrokerConnection } from './connection.ts';

/** Tells Prometheus whether a service has all its connections to the broker. */
export function exposeBroker(metrics: Metrics, connections: readonly BrokerConnection[]): void {
  metrics.gauge('turno_broker_up', '1 while all connections to the broker are up', () =>
    connections.every(({ model }) => model !== undefined) ? 1 : 0,
  );
}
