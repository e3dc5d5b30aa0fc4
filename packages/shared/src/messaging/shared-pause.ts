import { setTimeout as pause } from 'node:timers/promises';
import { fullJitter } from '../backoff.ts';

/** In milliseconds: the first pause lasts up to `baseMs`, each further one up to twice as long, none longer than `maxMs`. */
export interface PauseLengths {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * However long somebody asks for. RabbitMQ cancels a consumer that leaves a message unsettled for 30 minutes, and messages are
 * held unsettled.
 */
const longestMs = 900_000;

/** A pause for all who find the same thing away: whoever comes while it lasts waits for its end. */
export class SharedPause {
  readonly #lengths: PauseLengths;
  readonly #ended = new AbortController();
  #pauses = 0;
  #current: Promise<void> | undefined;
  #beganAt = 0;
  #endsAt = 0;

  constructor(lengths: PauseLengths) {
    this.#lengths = lengths;
  }

  /**
   * Resolves when the pause is over; begins one when there is none, and tells `began` how long it will be. One that lasts is
   * made longer for all who wait, where it would be over within `atLeastMs`: who is told to stay away that long is told so
   * for the others, too. A pause lasts 15 minutes at most, whatever is asked for.
   */
  wait(began: (ms: number) => void, atLeastMs = 0): Promise<void> {
    this.#current ??= this.#begin(began, atLeastMs);
    this.#endsAt = Math.min(Math.max(this.#endsAt, Date.now() + atLeastMs), this.#beganAt + longestMs);
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

  async #begin(began: (ms: number) => void, atLeastMs: number): Promise<void> {
    const ms = Math.min(Math.max(fullJitter(++this.#pauses, this.#lengths), atLeastMs), longestMs);
    this.#beganAt = Date.now();
    this.#endsAt = this.#beganAt + ms;
    began(Math.round(ms));
    const { signal } = this.#ended;
    for (let left = ms; left > 0 && !signal.aborted; left = this.#endsAt - Date.now()) {
      await pause(left, undefined, { signal }).catch(() => undefined);
    }
    this.#current = undefined;
  }
}
