import type { Part } from './figures.ts';

export interface WatchedPartOptions<T> {
  readonly read: () => Promise<T>;
  /** How often it is read while somebody looks, in milliseconds. */
  readonly everyMs: number;
  readonly now: () => number;
}

/** Something that is read again and again, and may fail: what it was last stays, and with it since when it is not known anew. */
export class WatchedPart<T> {
  readonly #options: WatchedPartOptions<T>;
  #part: Part<T> = {};
  #dueAt = 0;
  #reading: Promise<void> | undefined;

  constructor(options: WatchedPartOptions<T>) {
    this.#options = options;
  }

  get part(): Part<T> {
    return this.#part;
  }

  /** It is read at the next opportunity. */
  expire(): void {
    this.#dueAt = 0;
  }

  /** Reads it where it is time; resolves when that is done, and never rejects. */
  refresh(): Promise<void> {
    const { now, everyMs } = this.#options;
    if (this.#reading || now() < this.#dueAt) return this.#reading ?? Promise.resolve();
    this.#dueAt = now() + everyMs;
    this.#reading = this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { read, now } = this.#options;
    try {
      const value = await read();
      this.#part = { value, at: now() };
    } catch (error) {
      const { failing, ...known } = this.#part;
      const why = error instanceof Error ? error.message : String(error);
      this.#part = { ...known, failing: { since: failing?.since ?? now(), why } };
    }
  }
}
