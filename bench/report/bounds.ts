import type { ScenarioName } from '../load/order.ts';
import type { OperationsPerTicket } from '../measure/counting-pass.ts';
import { total } from '../measure/operation-counter.ts';
import type { Comparison, FigureName } from './comparison.ts';
import { markdownTable, rounded } from './markdown.ts';

/** A bound that Turno is to keep, and what was measured. */
export interface Judged {
  readonly what: string;
  readonly bound: string;
  /** NaN when this run has not measured it. */
  readonly measured: number;
  readonly holds: boolean;
}

export function atMost(what: string, most: number, measured: number, unit = ''): Judged {
  return { what, bound: `at most ${most}${unit}`, measured, holds: measured <= most };
}

export function atLeast(what: string, least: number, measured: number, unit = ''): Judged {
  return { what, bound: `at least ${least}${unit}`, measured, holds: measured >= least };
}

const judgedScenarios = ['spread', 'hot'] as const;
/** So many interleaved pairs make a measurement. */
export const pairsThatCount = 5;

/** The bounds of the comparison with the floor, as far as they were measured. */
export function judgeComparisons(comparisons: readonly Comparison[]): Judged[] {
  return judgedScenarios.flatMap((scenario) => {
    const ratio = (name: FigureName, connections: number): number => {
      const of = comparisons.find(
        (one) => one.scenario === scenario && one.loop.kind === 'closed' && one.loop.connections === connections,
      );
      return of?.figures[name].ratio ?? NaN;
    };
    return [
      atLeast(`${scenario}: throughput at 64 connections, to the floor's`, 2, ratio('requests a second', 64), 'x'),
      atMost(`${scenario}: p99 at 64 connections, to the floor's`, 0.7, ratio('p99, ms', 64), 'x'),
      atMost(`${scenario}: p50 at 1 connection, to the floor's`, 1.3, ratio('p50, ms', 1), 'x'),
    ];
  });
}

/** Of the open loop at half of Turno's peak. */
export function judgeGap(
  comparisons: readonly Comparison[],
  halfOfPeak: Readonly<Partial<Record<ScenarioName, number>>>,
): Judged[] {
  return judgedScenarios.map((scenario) => {
    const of = comparisons.find(
      (one) => one.scenario === scenario && one.loop.kind === 'open' && one.loop.perSecond === halfOfPeak[scenario],
    );
    const gap = of?.figures['to provider p99, ms'].turno ?? NaN;
    return atMost(`${scenario}: p99 from POST to provider call at half the peak rate`, 50, gap, ' ms');
  });
}

/** Of ticketing: what notifications keeps of an SMS is not a matter of tickets. */
export function judgeOperations(operations: readonly OperationsPerTicket[]): Judged[] {
  const bounds = [
    [1, 3],
    [256, 0.5],
  ] as const;
  return judgedScenarios.flatMap((scenario) =>
    bounds.map(([connections, most]) => {
      const of = operations.find(
        (one) =>
          one.system === 'turno' &&
          one.scenario === scenario &&
          one.loop.kind === 'closed' &&
          one.loop.connections === connections,
      );
      const measured = of ? total(of.perTicket.ticketing.database) : NaN;
      return atMost(
        `${scenario}: database operations of ticketing a ticket, ${connections} connections`,
        most,
        measured,
      );
    }),
  );
}

/** Those that were measured. */
export function boundsTable(judged: readonly Judged[]): string {
  const rows = judged
    .filter(({ measured }) => !Number.isNaN(measured))
    .map(({ what, bound, measured, holds }) => [what, bound, rounded(measured), holds ? 'holds' : 'DOES NOT HOLD']);
  return markdownTable(['bound', 'is to be', 'measured', ''], rows);
}
