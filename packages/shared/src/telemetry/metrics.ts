import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { version } from '../version.ts';

/** From half a millisecond, which a lone call takes, to the ten seconds after which nobody waits. */
const secondsOfACall = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Labelled<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

/**
 * What a service tells Prometheus, itself and its event loop included. Values of labels must be few: each combination is a
 * series that everybody keeps for ever, so that nothing a caller sends may be one.
 */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    // A sample every 10 ms, its default, is most of what an idle service would do.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 50 });
    const node = process.versions.node;
    this.gauges('turno_build_info', '1, with what is running', ['service', 'version', 'node'], () => [
      { labels: { service, version, node }, value: 1 },
    ]);
  }

  /** A number that goes up and down, read whenever somebody asks for it. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const collect = async (): Promise<void> => gauge.set(await read());
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect });
  }

  /** Several of them, told apart by labels; one that is not read again is gone. */
  gauges<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    read: () => readonly Labelled<L>[] | Promise<readonly Labelled<L>[]>,
  ): void {
    const collect = async (): Promise<void> => {
      const all = await read();
      gauge.reset();
      for (const { labels, value } of all) gauge.set(labels, value);
    };
    const gauge: Gauge<L> = new Gauge({ name, help, labelNames, registers: [this.registry], collect });
  }

  /** A number that only grows, kept by its owner; its name ends in `_total`. */
  counter(name: string, help: string, read: () => number): void {
    const collect = (): void => {
      counter.reset();
      counter.inc(read());
    };
    const counter: Counter = new Counter({ name, help, registers: [this.registry], collect });
  }

  /** Numbers that only grow, kept here. */
  counters<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** How often something took how long, in seconds. Whoever asks for one that is there already gets that one. */
  histogram<L extends string>(name: string, help: string, labelNames: L[], buckets = secondsOfACall): Histogram<L> {
    const known = this.registry.getSingleMetric(name) as Histogram<L> | undefined;
    return known ?? new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

/** Seconds that have passed since then. */
export function secondsSince(start: number): number {
  return (performance.now() - start) / 1_000;
}
