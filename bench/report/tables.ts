import type { OperationsPerTicket } from '../measure/counting-pass.ts';
import { total, type Counts } from '../measure/operation-counter.ts';
import { serviceNames } from '../systems/system.ts';
import { loopInWords, type Compared, type Comparison, type FigureName } from './comparison.ts';
import { markdownTable, rounded, times } from './markdown.ts';

/** Cells as `Turno's / the floor's, ratio`. */
function cell({ turno, floor, ratio }: Compared): string {
  if (Number.isNaN(turno) && Number.isNaN(floor)) return '';
  return `${rounded(turno)} / ${rounded(floor)} ${times(ratio)}`;
}

const speedFigures = [
  'requests a second',
  'p50, ms',
  'p99, ms',
  'p99.9, ms',
  'to provider p50, ms',
  'to provider p99, ms',
] as const satisfies readonly FigureName[];

export function speedTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ scenario, loop, figures, failures }) => [
    `${scenario}, ${loopInWords(loop)}${failed(failures)}`,
    ...speedFigures.map((name) => cell(figures[name])),
  ]);
  return markdownTable(['scenario, load', ...speedFigures], rows);
}

function failed({ turno, floor }: Comparison['failures']): string {
  return turno + floor === 0 ? '' : ` (FAILED: ${turno} / ${floor})`;
}

const processTitles = [
  'gateway',
  'ticketing',
  'notifications',
  'broker',
  'database',
  'database gateway',
  'load generator',
  'provider',
] as const;

/** Processor time of each process, in milliseconds a request, and its ratio to the floor's. */
export function cpuTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ scenario, loop, figures }) => [
    `${scenario}, ${loopInWords(loop)}`,
    ...processTitles.map((of) => cell(figures[`CPU ${of}, ms a request`])),
  ]);
  return markdownTable(['CPU, ms a request', ...processTitles], rows);
}

export function memoryTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ scenario, loop, figures }) => [
    `${scenario}, ${loopInWords(loop)}`,
    ...serviceNames.map((of) => cell(figures[`RSS ${of}, MB`])),
  ]);
  return markdownTable(['RSS, MB', ...serviceNames], rows);
}

/** Operations of each service a ticket, by their names. */
export function operationsTable(operations: readonly OperationsPerTicket[]): string {
  const rows = operations.flatMap(({ system, scenario, loop, perTicket }) =>
    serviceNames.map((service) => {
      const { broker, database } = perTicket[service];
      const title = `${scenario}, ${loopInWords(loop)}: ${system} ${service}`;
      return [title, rounded(total(database)), inWords(database), rounded(total(broker)), inWords(broker)];
    }),
  );
  return markdownTable(['operations a ticket', 'database', 'which', 'broker', 'which'], rows);
}

function inWords(counts: Counts): string {
  return Object.entries(counts)
    .filter(([, count]) => count >= 0.005)
    .map(([name, count]) => `${name} ${rounded(count)}`)
    .join(', ');
}
