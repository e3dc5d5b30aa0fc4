import type { ScenarioName } from '../load/order.ts';
import type { OperationsPerTicket } from '../measure/counting-pass.ts';
import type { Slice } from '../measure/slice.ts';
import type { ServiceName, SystemName } from '../systems/system.ts';
import { boundsTable, judgeComparisons, judgeGap, judgeOperations, pairsThatCount, type Judged } from './bounds.ts';
import { compare, type Comparison } from './comparison.ts';
import { machineInWords, quietLoad, type Machine } from './machine.ts';
import { cpuTable, memoryTable, operationsTable, speedTable } from './tables.ts';

/** All that a run of pairs has found: what is written as JSON. */
export interface PairsResult {
  readonly machine: Machine;
  readonly takenAt: string;
  readonly options: { readonly pairs: number; readonly seconds: number; readonly withPhones: boolean };
  readonly startUpMs: ({ readonly system: SystemName } & Readonly<Record<ServiceName, number>>)[];
  readonly slices: Slice[];
  readonly operations: OperationsPerTicket[];
  /** Of Turno, in requests a second. */
  readonly halfOfPeak: Partial<Record<ScenarioName, number>>;
}

export function judge({ slices, operations, halfOfPeak }: PairsResult): Judged[] {
  const comparisons = compare(slices);
  return [...judgeComparisons(comparisons), ...judgeGap(comparisons, halfOfPeak), ...judgeOperations(operations)];
}

/** The whole report, in Markdown. */
export function pairsReport(result: PairsResult): string {
  const comparisons = compare(result.slices);
  const { pairs, seconds, withPhones } = result.options;
  return [
    `Turno / floor; medians of ${pairs} interleaved pairs of ${seconds} s${withPhones ? '' : ', tickets without a phone'}.`,
    `${result.takenAt}: ${machineInWords(result.machine)}.`,
    ...warnings(result, comparisons),
    speedTable(comparisons),
    cpuTable(comparisons),
    memoryTable(comparisons),
    operationsTable(result.operations),
    boundsTable(judge(result)),
  ].join('\n\n');
}

function warnings({ machine, options }: PairsResult, comparisons: readonly Comparison[]): string[] {
  const failed = comparisons.some(({ failures }) => failures.turno + failures.floor > 0);
  const found = [
    machine.loadBefore > quietLoad && `The machine was busy before the run (load ${machine.loadBefore}).`,
    options.pairs < pairsThatCount && `There are fewer than ${pairsThatCount} pairs.`,
    failed && 'Requests failed.',
  ].filter((text) => text !== false);
  return found.length === 0 ? [] : [`**No measurement**: ${found.join(' ')}`];
}
