import type { Loop, ScenarioName } from '../load/order.ts';
import type { Slice } from '../measure/slice.ts';
import type { SystemName } from '../systems/system.ts';
import { median } from './statistics.ts';

/** What is told of a slice, by its name in tables. Latencies in milliseconds. */
export const figures = {
  'requests a second': ({ perSecond }) => perSecond,
  'p50, ms': ({ latencies }) => latencies.p50,
  'p99, ms': ({ latencies }) => latencies.p99,
  'p99.9, ms': ({ latencies }) => latencies.p999,
  'to provider p50, ms': ({ toProvider }) => toProvider?.p50 ?? NaN,
  'to provider p99, ms': ({ toProvider }) => toProvider?.p99 ?? NaN,
  'drain, s': ({ drainSeconds }) => drainSeconds,
  'CPU gateway, ms a request': cpuOf('gateway'),
  'CPU ticketing, ms a request': cpuOf('ticketing'),
  'CPU notifications, ms a request': cpuOf('notifications'),
  'CPU broker, ms a request': cpuOf('broker'),
  'CPU database, ms a request': cpuOf('database'),
  'CPU database gateway, ms a request': cpuOf('database gateway'),
  'CPU load generator, ms a request': cpuOf('load generator'),
  'CPU provider, ms a request': cpuOf('provider'),
  'RSS gateway, MB': rssOf('gateway'),
  'RSS ticketing, MB': rssOf('ticketing'),
  'RSS notifications, MB': rssOf('notifications'),
} satisfies Record<string, (slice: Slice) => number>;
export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

function cpuOf(purpose: string) {
  return ({ cpuMsPerRequest }: Slice): number => cpuMsPerRequest[purpose] ?? NaN;
}

function rssOf(service: string) {
  return ({ rssMb }: Slice): number => rssMb[service] ?? NaN;
}

/** A figure of both systems under one load: medians over the pairs. */
export interface Compared {
  readonly turno: number;
  readonly floor: number;
  /** Turno's to the floor's: the median of the pairs' ratios. */
  readonly ratio: number;
}

/** Both systems under one load. */
export interface Comparison {
  readonly scenario: ScenarioName;
  readonly loop: Loop;
  readonly pairs: number;
  readonly figures: Readonly<Record<FigureName, Compared>>;
  readonly failures: Readonly<Record<SystemName, number>>;
}

export function loopInWords(loop: Loop): string {
  return loop.kind === 'closed' ? `${loop.connections} connections` : `${loop.perSecond} a second`;
}

/** Slices of one load together, in the order in which they were taken. */
export function compare(slices: readonly Slice[]): Comparison[] {
  const byLoad = Map.groupBy(slices, ({ scenario, loop }) => `${scenario} ${loopInWords(loop)}`);
  return [...byLoad.values()].map((of) => {
    const { scenario, loop } = of[0]!;
    const named = figureNames.map((name) => [name, compareFigure(of, figures[name])] as const);
    const pairs = new Set(of.map(({ pair }) => pair)).size;
    const failed = (name: SystemName): number =>
      of
        .filter(({ system }) => system === name)
        .flatMap(({ failures }) => Object.values(failures))
        .reduce((a, b) => a + b, 0);
    return {
      scenario,
      loop,
      pairs,
      figures: Object.fromEntries(named) as Comparison['figures'],
      failures: { turno: failed('turno'), floor: failed('floor') },
    };
  });
}

function compareFigure(slices: readonly Slice[], figure: (slice: Slice) => number): Compared {
  const of = (name: SystemName): number[] => slices.filter(({ system }) => system === name).map(figure);
  const ratios = [...Map.groupBy(slices, ({ pair }) => pair).values()].map((pair) => {
    const turno = pair.find(({ system }) => system === 'turno');
    const floor = pair.find(({ system }) => system === 'floor');
    return turno && floor ? figure(turno) / figure(floor) : NaN;
  });
  return { turno: median(of('turno')), floor: median(of('floor')), ratio: median(ratios) };
}
