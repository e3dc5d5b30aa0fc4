import { createHistogram } from 'node:perf_hooks';

/** Times in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const microseconds = 1_000;
const aMinute = 60_000_000;

/** Collects times in an HDR histogram: to the microsecond, with three significant digits, up to a minute. */
export class LatencyRecorder {
  readonly #histogram = createHistogram({ lowest: 1, highest: aMinute, figures: 3 });

  record(ms: number): void {
    this.#histogram.record(Math.min(aMinute, Math.max(1, Math.round(ms * microseconds))));
  }

  get latencies(): Latencies {
    const histogram = this.#histogram;
    const at = (percentile: number): number =>
      histogram.count === 0 ? NaN : histogram.percentile(percentile) / microseconds;
    const { count } = histogram;
    const mean = histogram.mean / microseconds;
    return { count, mean, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
  }
}
