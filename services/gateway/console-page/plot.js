import uPlot from './uplot.js';
import { element, setAttributes, setText } from './element.js';
import { clockOf } from './formats.js';

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {readonly (number | null)[]} values
 * @property {string} colour a name of console.css: `one` to `seven`, `bad`
 */
/** @typedef {{ title: string, about: string, format: (value: number) => string, atLeast: number, steps: readonly number[] }} PlotOptions */

const height = 160;
const hourMs = 3_600_000;

/** A plot of the last hour, with a legend that says the values under the cursor, and else the latest. */
export class Plot {
  #options;
  #legend = element('ul', { class: 'legend', role: 'list' });
  #note = element('p', { class: 'note' });
  #canvas = element('div', { class: 'canvas', role: 'img' });
  #now = Date.now();
  /** @type {readonly Line[]} */
  #lines = [];
  /** @type {uPlot | undefined} */
  #plot;
  node;

  /** @param {PlotOptions} options */
  constructor(options) {
    this.#options = options;
    const caption = element('figcaption', {}, element('h3', {}, options.title), this.#note);
    this.node = element('figure', {}, caption, this.#canvas, this.#legend);
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#canvas.clientWidth, height })).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot?.redraw());
  }

  /**
   * @param {number} now
   * @param {readonly number[]} moments in milliseconds
   * @param {readonly Line[]} lines
   * @param {string} note what is to be known of it, or nothing
   */
  show(now, moments, lines, note) {
    this.#now = now;
    setText(this.#note, note || this.#options.about);
    const isOther = lines.map(({ name }) => name).join() !== this.#lines.map(({ name }) => name).join();
    this.#lines = lines;
    const data = /** @type {uPlot.AlignedData} */ ([
      moments.map((at) => at / 1_000),
      ...lines.map((line) => line.values),
    ]);
    if (isOther || !this.#plot) this.#make(data);
    else this.#plot.setData(data);
    this.#tell(undefined);
  }

  /** @param {uPlot.AlignedData} data */
  #make(data) {
    this.#plot?.destroy();
    this.#legend.replaceChildren(
      ...this.#lines.map(({ name, colour }) =>
        element(
          'li',
          {},
          element('span', { class: `swatch ${colour}` }),
          `${name} `,
          element('span', { class: 'figure' }),
        ),
      ),
    );
    this.#plot = new uPlot(this.#settings(), data, this.#canvas);
  }

  /** @returns {uPlot.Options} */
  #settings() {
    const quiet = () => getComputedStyle(this.#note).color;
    const grid = { stroke: () => getComputedStyle(this.node).borderTopColor, width: 1 };
    const axis = { stroke: quiet, grid, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    return {
      width: this.#canvas.clientWidth || 400,
      height,
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false }, sync: { key: 'console' } },
      scales: {
        x: { range: () => [(this.#now - hourMs) / 1_000, this.#now / 1_000] },
        y: { range: (_plot, _min, max) => [0, Math.max(this.#options.atLeast, (max ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, size: 28, values: (_plot, moments) => moments.map((at) => clockOf(at * 1_000)) },
        {
          ...axis,
          size: 64,
          incrs: [...this.#options.steps],
          values: (_plot, values) => values.map((value) => this.#options.format(value)),
        },
      ],
      series: [{}, ...this.#lines.map((_, i) => this.#series(i))],
      hooks: { setCursor: [(plot) => this.#tell(plot.cursor.idx ?? undefined)] },
    };
  }

  /** @param {number} i */
  #series(i) {
    const swatch = this.#legend.children[i]?.firstElementChild;
    const colour = () => (swatch ? getComputedStyle(swatch).color : '');
    return { stroke: colour, width: 2, points: { show: isAlone, size: 5, fill: colour } };
  }

  /** @param {number | undefined} at the place of the cursor among the moments */
  #tell(at) {
    const texts = this.#lines.map(({ name, values }, i) => {
      const value = at === undefined ? values.findLast((any) => any !== null) : values[at];
      const text = value === undefined || value === null ? '–' : this.#options.format(value);
      const figure = this.#legend.children[i]?.lastElementChild;
      if (figure) setText(figure, text);
      return `${name} ${text}`;
    });
    if (at === undefined)
      setAttributes(this.#canvas, { 'aria-label': `${this.#options.title}. Now: ${texts.join(', ')}` });
  }
}

/**
 * Points are drawn where a line would not show: around them nothing is known.
 *
 * @param {uPlot} plot
 * @param {number} seriesIndex
 */
function isAlone(plot, seriesIndex) {
  const values = /** @type {(number | null)[]} */ (plot.data[seriesIndex]);
  return values.some(
    (value, i) => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null,
  );
}
