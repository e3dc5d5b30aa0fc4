/** How many calls there were since the start, and how long they took. */
export interface CallCounts {
  readonly calls: number;
  readonly failed: number;
  /** Calls that took no longer than each of the bounds, in seconds; the last bound is Infinity. */
  readonly bounds: readonly number[];
  readonly within: readonly number[];
}

type Labels = Readonly<Record<string, string | number | undefined>>;

/** As much of prom-client's registry as is read here. */
export interface MetricsRegistry {
  getSingleMetric(name: string): { get(): Promise<{ values: readonly MeasuredValue[] }> } | undefined;
}

interface MeasuredValue {
  readonly labels: Labels;
  readonly value: number;
  readonly metricName?: string;
}

export interface MeasuredBy {
  /** Of a histogram in seconds. */
  readonly metric: string;
  /** What a series of it counts as; undefined for what does not count at all. */
  readonly classify: (labels: Labels) => 'answered' | 'failed' | undefined;
}

/** Reads a histogram of the gateway's own, all its series together; undefined where there is none of that name. */
export async function countsOf(registry: MetricsRegistry, by: MeasuredBy): Promise<CallCounts | undefined> {
  const metric = registry.getSingleMetric(by.metric);
  if (!metric) return undefined;
  const { values } = await metric.get();
  let [calls, failed] = [0, 0];
  const within = new Map<number, number>();
  for (const { labels, value, metricName } of values) {
    const kind = by.classify(labels);
    if (kind === undefined) continue;
    if (metricName === `${by.metric}_count`) {
      calls += value;
      if (kind === 'failed') failed += value;
    } else if (metricName === `${by.metric}_bucket`) {
      const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      within.set(bound, (within.get(bound) ?? 0) + value);
    }
  }
  const bounds = [...within.keys()].toSorted((a, b) => a - b);
  return { calls, failed, bounds, within: bounds.map((bound) => within.get(bound)!) };
}

/** The calls between two counts. */
export function callsBetween(before: CallCounts | undefined, after: CallCounts): CallCounts {
  return {
    calls: after.calls - (before?.calls ?? 0),
    failed: after.failed - (before?.failed ?? 0),
    bounds: after.bounds,
    within: after.within.map((count, i) => count - withinAt(before, after.bounds[i]!)),
  };
}

function withinAt(counts: CallCounts | undefined, bound: number): number {
  return counts?.within[counts.bounds.indexOf(bound)] ?? 0;
}

/**
 * The time that this share of the calls did not exceed, in milliseconds, as Prometheus' `histogram_quantile` estimates it: evenly
 * spread within a bucket. null without calls.
 */
export function quantileMs({ bounds, within }: CallCounts, share: number): number | null {
  const total = within.at(-1) ?? 0;
  if (total === 0) return null;
  const rank = share * total;
  const at = within.findIndex((count) => count >= rank);
  const [lower, upper] = [bounds[at - 1] ?? 0, bounds[at]!];
  // Beyond the last bound nobody knows how far.
  if (upper === Infinity) return inMs(lower);
  const [below, inBucket] = [within[at - 1] ?? 0, within[at]! - (within[at - 1] ?? 0)];
  return inMs(lower + ((upper - lower) * (rank - below)) / Math.max(1, inBucket));
}

/** An estimate has no use for more than a tenth. */
function inMs(seconds: number): number {
  return Math.round(seconds * 10_000) / 10;
}
