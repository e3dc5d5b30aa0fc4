import type { Metrics } from '../telemetry/metrics.ts';
import { remembered } from '../telemetry/remembered.ts';
import type { BrokerConnection } from './connection.ts';
import { lengthOf } from './scratch-channel.ts';

/** Tells Prometheus whether a service has all its connections to the broker. */
export function exposeBroker(metrics: Metrics, connections: readonly BrokerConnection[]): void {
  metrics.gauge('turno_broker_up', '1 while all connections to the broker are up', () =>
    connections.every(({ model }) => model !== undefined) ? 1 : 0,
  );
}

/** Tells Prometheus how many dead letters are in a queue; of a queue that cannot be asked nothing. */
export function exposeDeadLetters(metrics: Metrics, connection: BrokerConnection, queue: string): void {
  const length = remembered(() => lengthOf(connection.model, queue));
  metrics.gauges('turno_dead_letters', 'Messages that were given up, by their queue', ['queue'], async () => {
    const value = await length();
    return value === undefined ? [] : [{ labels: { queue }, value }];
  });
}
