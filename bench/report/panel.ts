/** One line of a panel: a value for each place on the horizontal axis. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly values: readonly number[];
}

export interface Panel {
  readonly title: string;
  /** Beneath the horizontal axis, one for each place. */
  readonly places: readonly string[];
  readonly series: readonly Series[];
  /** A logarithmic vertical axis, or one from zero. */
  readonly isLogarithmic: boolean;
}

export const panelWidth = 420;
export const panelHeight = 260;
const plot = { left: 56, right: 12, top: 52, bottom: 30 };
const inner = { width: panelWidth - plot.left - plot.right, height: panelHeight - plot.top - plot.bottom };
const niceSteps = [1, 2, 5, 10];

/** Values at which the vertical axis has a line, from the lowest to the highest. */
function ticks({ series, isLogarithmic }: Panel): number[] {
  const values = series.flatMap(({ values: of }) => of).filter((value) => value > 0);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (isLogarithmic) {
    const decades = Array.from({ length: 9 }, (_, index) => 10 ** (index - 2));
    const all = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
    return all.slice(
      all.findLastIndex((tick) => tick <= least),
      all.findIndex((tick) => tick >= most) + 1,
    );
  }
  const magnitude = 10 ** Math.floor(Math.log10(most / 4));
  const step = niceSteps.find((nice) => nice * magnitude * 5 >= most)! * magnitude;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

const text = (x: number, y: number, content: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${content}</text>`;

/** A panel as SVG, to be put into a group at its place. */
export function drawPanel(panel: Panel): string {
  const lines = ticks(panel);
  const scale = panel.isLogarithmic ? Math.log10 : (value: number): number => value;
  const [low, high] = [scale(lines[0]!), scale(lines.at(-1)!)];
  const x = (place: number): number => plot.left + ((place + 0.5) * inner.width) / panel.places.length;
  const y = (value: number): number => plot.top + inner.height * (1 - (scale(value) - low) / (high - low));
  const grid = lines.map((tick) => {
    const at = y(tick).toFixed(1);
    const right = panelWidth - plot.right;
    return `<path d="M${plot.left} ${at}H${right}" stroke="#ddd"/>${text(plot.left - 6, y(tick) + 4, String(tick), 'text-anchor="end"')}`;
  });
  const places = panel.places.map((place, index) => text(x(index), panelHeight - 10, place, 'text-anchor="middle"'));
  const series = panel.series.map((one) => drawSeries(one, x, y));
  const legend = panel.series.map(({ name, colour, dashed }, index) =>
    text(plot.left + index * 88, 40, `<tspan fill="${colour}">${dashed ? '╌' : '●'}</tspan> ${name}`),
  );
  return [text(plot.left, 20, panel.title, 'font-weight="bold"'), ...legend, ...grid, ...places, ...series].join('\n');
}

function drawSeries(
  { colour, dashed, values }: Series,
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  const points = values.map((value, place) => [x(place).toFixed(1), y(value).toFixed(1)] as const);
  const line = points.map(([left, top], index) => `${index === 0 ? 'M' : 'L'}${left} ${top}`).join('');
  const dots = points.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3.5" fill="${colour}"/>`);
  const dash = dashed ? ' stroke-dasharray="5 4"' : '';
  return `<path d="${line}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}`;
}
