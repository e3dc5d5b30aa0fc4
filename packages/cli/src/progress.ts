import type { Terminal } from './terminal.ts';

/** How far something long has come. */
export interface Reached {
  /** Customers, or whatever the unit is. */
  readonly count: number;
  /** Of the whole, from 0 to 1. */
  readonly share: number;
}

const flashEveryMs = 100;
const lineEveryMs = 5_000;

/**
 * Shows how far a long piece of work is: on a terminal a line that changes, elsewhere a plain line every five seconds.
 * Rate and time to go are of this run, also when it continues an earlier one.
 */
export class Progress {
  readonly #terminal: Terminal;
  readonly #unit: string;
  #first: Reached | undefined;
  #firstAt = 0;
  #shownAt = Date.now();
  #isFlashing = false;

  constructor(terminal: Terminal, unit: string) {
    this.#terminal = terminal;
    this.#unit = unit;
  }

  /** @param reached since the beginning of the work, which grows from call to call */
  report(reached: Reached): void {
    this.#firstAt ||= Date.now();
    this.#first ??= reached;
    const everyMs = this.#terminal.isInteractive ? flashEveryMs : lineEveryMs;
    if (Date.now() - this.#shownAt < everyMs) return;
    this.#shownAt = Date.now();
    const line = progressText(reached, this.#first, (this.#shownAt - this.#firstAt) / 1_000, this.#unit);
    if (!this.#terminal.isInteractive) return this.#terminal.note(line);
    this.#isFlashing = true;
    this.#terminal.flash(line);
  }

  /** Takes the changing line away. */
  end(): void {
    if (this.#isFlashing) this.#terminal.flash('');
    this.#isFlashing = false;
  }
}

/** `12,000 customers (40 %), 4,100 a second, 5 s to go` */
export function progressText(now: Reached, first: Reached, seconds: number, unit: string): string {
  const count = `${now.count.toLocaleString('en')} ${unit} (${Math.floor(now.share * 100)} %)`;
  if (seconds <= 0 || now.share <= first.share) return count;
  const rate = Math.round((now.count - first.count) / seconds);
  const toGo = Math.ceil((seconds * (1 - now.share)) / (now.share - first.share));
  return `${count}, ${rate.toLocaleString('en')} a second, ${durationText(toGo)} to go`;
}

function durationText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
