import { isolate, type Isolated } from '@turno/devstack';
import type { Loop } from '../load/order.ts';
import { countOn, type OperationsPerTicket } from '../measure/counting-pass.ts';
import { total } from '../measure/operation-counter.ts';
import { drain, measureSlice, type Slice, type SliceOrder } from '../measure/slice.ts';
import { atMost, boundsTable } from '../report/bounds.ts';
import { figures, loopInWords, type FigureName } from '../report/comparison.ts';
import { describeMachine, machineInWords, type Machine } from '../report/machine.ts';
import { markdownTable, rounded, times } from '../report/markdown.ts';
import { median } from '../report/statistics.ts';
import { Stage } from '../stage.ts';
import { serviceNames, type System } from '../systems/system.ts';
import { fillWithCopies } from '../systems/stored.ts';

export interface GrowthOptions {
  /** Tickets that are stored before, few and many. */
  readonly stored: readonly [few: number, many: number];
  readonly connections: readonly number[];
  readonly pairs: number;
  readonly seconds: number;
  readonly loadBefore: number;
  readonly say: (line: string) => void;
}

interface OfStored {
  readonly stored: number;
  readonly slices: Slice[];
  readonly operations: OperationsPerTicket[];
}

export interface GrowthResult {
  readonly machine: Machine;
  readonly takenAt: string;
  readonly few: OfStored;
  readonly many: OfStored;
}

/** Turno with few stored tickets and Turno with many, A B A B: what it costs that data grow. */
export async function runGrowth(options: GrowthOptions): Promise<GrowthResult> {
  const stage = await Stage.open();
  const [few, many] = options.stored.map((stored): OfStored => ({ stored, slices: [], operations: [] })) as [
    OfStored,
    OfStored,
  ];
  try {
    const installed = [
      { of: few, ...(await install(stage, few, options)) },
      { of: many, ...(await install(stage, many, options)) },
    ];
    for (const order of ordersOf(options)) {
      for (let pair = 1; pair <= options.pairs; pair++) {
        for (const { of, system } of installed) of.slices.push(await measureSlice(stage, system, order, pair));
      }
      options.say(`${loopInWords(order.loop)}: done`);
    }
    for (const { of, system, servers } of installed) {
      await stage.stop(system);
      of.operations.push(...(await countOn(servers, stage, 'turno', ordersOf({ ...options, seconds: 2 }))));
    }
    const machine = describeMachine(stage.stack, options.loadBefore);
    return { machine, takenAt: new Date().toISOString(), few, many };
  } finally {
    await stage.close();
  }
}

async function install(
  stage: Stage,
  { stored }: OfStored,
  { say }: GrowthOptions,
): Promise<{ servers: Isolated; system: System }> {
  const servers = await isolate(stage.stack, `bench-growth-${stored}`);
  const system = await stage.startOn(servers, 'turno');
  const order = { scenario: 'spread', loop: { kind: 'closed', connections: 64 }, withPhones: true } as const;
  // The one that is copied is the first of them.
  const result = await stage.load(system, { ...order, warmUpMs: 0, measureMs: 3_000 });
  await drain(stage, system, result, true);
  const startedAt = performance.now();
  await fillWithCopies(servers.mongoUrl, stored);
  say(`${stored} tickets and their SMS stored in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  return { servers, system };
}

function ordersOf({ connections, seconds }: Pick<GrowthOptions, 'connections' | 'seconds'>): SliceOrder[] {
  return connections.map((count) => {
    const loop: Loop = { kind: 'closed', connections: count };
    return { scenario: 'spread', loop, warmUpMs: seconds * 200, measureMs: seconds * 1_000, withPhones: true };
  });
}

const told = [
  'requests a second',
  'p50, ms',
  'p99, ms',
  'CPU ticketing, ms a request',
  'CPU database, ms a request',
] as const;

export function growthReport({ machine, takenAt, few, many }: GrowthResult): string {
  const loads = [...new Set(few.slices.map(({ loop }) => loopInWords(loop)))];
  const titles: readonly GrowthFigure[] = [...told, 'database operations a ticket'];
  const rows = loads.map((load) => [load, ...titles.map((name) => both(few, many, load, name))]);
  const bounds = loads.flatMap((load) =>
    (['p50, ms', 'p99, ms', 'database operations a ticket'] as const).map((name) =>
      atMost(`${load}: ${name}, with ${many.stored} to with ${few.stored}`, 1.2, ratio(few, many, load, name), 'x'),
    ),
  );
  return [
    `With ${few.stored} / ${many.stored} tickets stored before; medians of interleaved pairs.`,
    `${takenAt}: ${machineInWords(machine)}.`,
    markdownTable(['load', ...titles], rows),
    boundsTable(bounds),
  ].join('\n\n');
}

type GrowthFigure = FigureName | 'database operations a ticket';

function both(few: OfStored, many: OfStored, load: string, name: GrowthFigure): string {
  const [less, more] = [few, many].map((of) => rounded(median(valuesOf(of, load, name))));
  return `${less} / ${more} ${times(ratio(few, many, load, name))}`;
}

/** The median of the pairs' ratios. */
function ratio(few: OfStored, many: OfStored, load: string, name: GrowthFigure): number {
  const [less, more] = [valuesOf(few, load, name), valuesOf(many, load, name)];
  return median(more.map((value, index) => value / less[index]!));
}

function valuesOf({ slices, operations }: OfStored, load: string, name: GrowthFigure): number[] {
  if (name !== 'database operations a ticket') {
    return slices.filter(({ loop }) => loopInWords(loop) === load).map((slice) => figures[name](slice));
  }
  return operations
    .filter(({ loop }) => loopInWords(loop) === load)
    .map(({ perTicket }) => serviceNames.reduce((sum, service) => sum + total(perTicket[service].database), 0));
}
