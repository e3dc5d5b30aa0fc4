import type { CallSeries, DepthSeries } from './figures.ts';
import { callsBetween, quantileMs, type CallCounts } from './measured-calls.ts';

export const slotMs = 10_000;
const slots = 360;

/** A value for each slot of the last hour. */
class Slots<T> {
  readonly #empty: T;
  #values: T[] = [];
  #last: number | undefined;

  constructor(empty: T) {
    this.#empty = empty;
  }

  /** Puts a value down for the slot of this moment, in place of what was there. */
  set(now: number, value: T): void {
    const slot = Math.floor(now / slotMs);
    const missing = this.#last === undefined ? 0 : slot - this.#last - 1;
    if (slot === this.#last) this.#values.pop();
    // Beyond an hour there is nothing to keep, and a clock that was set back has no slots between.
    else if (missing < 0 || missing >= slots) this.#values = [];
    else this.#values.push(...Array.from({ length: missing }, () => this.#empty));
    this.#values.push(value);
    this.#values = this.#values.slice(-slots);
    this.#last = slot;
  }

  get at(): number | undefined {
    return this.#last;
  }

  get values(): readonly T[] {
    return this.#values;
  }

  get since(): number {
    return ((this.#last ?? 0) - this.#values.length + 1) * slotMs;
  }
}

const noCalls: CallCounts = { calls: 0, failed: 0, bounds: [], within: [] };

/** Calls by slots, out of counts that only grow. */
export class CallHistory {
  readonly #slots = new Slots(noCalls);
  #before: CallCounts | undefined;
  #latest: CallCounts | undefined;

  /** Takes the counts of now. Those of each slot are needed once at least, or they fall to the next one. */
  take(now: number, counts: CallCounts): void {
    if (this.#slots.at !== Math.floor(now / slotMs)) this.#before = this.#latest;
    this.#latest = counts;
    this.#slots.set(now, callsBetween(this.#before, counts));
  }

  get series(): CallSeries {
    const { values, since } = this.#slots;
    return {
      since,
      slotMs,
      calls: values.map(({ calls }) => calls),
      failed: values.map(({ failed }) => failed),
      p50: values.map((counts) => quantileMs(counts, 0.5)),
      p95: values.map((counts) => quantileMs(counts, 0.95)),
    };
  }
}

/** Messages in queues by slots. */
export class DepthHistory {
  readonly #slots = new Slots<ReadonlyMap<string, number>>(new Map());

  take(now: number, depths: ReadonlyMap<string, number>): void {
    this.#slots.set(now, depths);
  }

  get series(): DepthSeries {
    const { values, since } = this.#slots;
    const names = new Set(values.flatMap((depths) => [...depths.keys()]));
    return {
      since,
      slotMs,
      queues: [...names].map((name) => ({ name, messages: values.map((depths) => depths.get(name) ?? null) })),
    };
  }
}
