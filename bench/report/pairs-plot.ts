import { compare, type Comparison, type FigureName } from './comparison.ts';
import { drawPanel, panelHeight, panelWidth, type Panel, type Series } from './panel.ts';
import type { PairsResult } from './pairs-report.ts';

const colours = { turno: '#0b7285', floor: '#c2410c' };
const margin = 8;

/** Throughput and latency of both systems by connections, a row for each scenario. */
export function pairsPlot({ slices, takenAt, machine }: PairsResult): string {
  const closed = compare(slices).filter(({ loop }) => loop.kind === 'closed');
  const rows = [...Map.groupBy(closed, ({ scenario }) => scenario).values()].map((of) => [throughput(of), latency(of)]);
  const panels = rows.flatMap((row, down) =>
    row.map((panel, across) => {
      const place = `translate(${margin + across * panelWidth} ${margin + down * panelHeight})`;
      return `<g transform="${place}">\n${drawPanel(panel)}\n</g>`;
    }),
  );
  const width = 2 * (panelWidth + margin);
  const height = rows.length * panelHeight + 4 * margin;
  const caption = `${takenAt.slice(0, '2017-02-20'.length)}, commit ${machine.commit}, ${machine.cores} cores; medians of pairs`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<title>Turno and the floor: requests a second and latency by connections</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...panels,
    `<text x="${margin}" y="${height - margin}" fill="#666">${caption}</text>`,
    '</svg>',
  ].join('\n');
}

function throughput(comparisons: readonly Comparison[]): Panel {
  const title = `${comparisons[0]!.scenario}: requests a second, by connections`;
  return {
    title,
    places: placesOf(comparisons),
    series: both(comparisons, 'requests a second', ''),
    isLogarithmic: false,
  };
}

function latency(comparisons: readonly Comparison[]): Panel {
  const title = `${comparisons[0]!.scenario}: latency in ms, by connections`;
  const series = [...both(comparisons, 'p50, ms', ' p50'), ...both(comparisons, 'p99, ms', ' p99', true)];
  return { title, places: placesOf(comparisons), series, isLogarithmic: true };
}

const placesOf = (comparisons: readonly Comparison[]): string[] =>
  comparisons.map(({ loop }) => (loop.kind === 'closed' ? String(loop.connections) : ''));

function both(comparisons: readonly Comparison[], name: FigureName, suffix: string, dashed = false): Series[] {
  return (['turno', 'floor'] as const).map((system) => ({
    name: `${system === 'turno' ? 'Turno' : 'floor'}${suffix}`,
    colour: colours[system],
    dashed,
    values: comparisons.map(({ figures }) => figures[name][system]),
  }));
}
