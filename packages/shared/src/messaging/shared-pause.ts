import { setTimeout as pause } from 'node:timers/promises';
import { fullJitter } from '../backoff.ts';

/** In milliseconds: the first pause lasts up to `baseMs`, each further one up to twice as long, none longer than `maxMs`. */
export interface PauseLengths {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** A pause for all who find the same thing away: whoever comes while it lasts waits for its end, and no longer. */
export class SharedPause {
  readonly #lengths: PauseLengths;
  readonly #ended = new AbortController();
  #pauses = 0;
  #current: Promise<void> | undefined;

  constructor(lengths: PauseLengths) {
    this.#lengths = lengths;
  }

  /** Resolves when the pause is over; begins one when there is none, and tells `began` how long it will be. */
  wait(began: (ms: number) => void): Promise<void> {
    this.#current ??= this.#begin(began);
    return this.#current;
  }

  /** What was away is back: the next pause is a short one again. */
  reset(): void {
    this.#pauses = 0;
  }

  /** No more pauses: those that last are over at once. */
  end(): void {
    this.#ended.abort();
  }

  async #begin(began: (ms: number) => void): Promise<void> {
    const ms = fullJitter(++this.#pauses, this.#lengths);
    began(Math.round(ms));
    await pause(ms, undefined, { signal: this.#ended.signal }).catch(() => undefined);
    this.#current = undefined;
  }
}
