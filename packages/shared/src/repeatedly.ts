import type { Logger } from './logger.ts';

export interface RepeatedlyOptions {
  /** Says in how many milliseconds it is to be done again. */
  readonly work: () => Promise<number>;
  /** In how many milliseconds again, after it has failed. */
  readonly everyMs: number;
  /** What it does, for the log: `look for due messages`. */
  readonly what: string;
  readonly logger: Logger;
}

/** Does its work now and from then on again and again, one at a time. What fails is logged and comes to its turn again. */
export class Repeatedly {
  readonly #options: RepeatedlyOptions;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(options: RepeatedlyOptions) {
    this.#options = options;
  }

  start(): void {
    this.#working = this.#work();
  }

  /** Resolves once the work under way is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    const { work, everyMs, what, logger } = this.#options;
    let pauseMs = everyMs;
    try {
      pauseMs = await work();
    } catch (error) {
      logger.warn({ err: error }, `could not ${what}`);
    }
    if (!this.#isStopping) this.#timer = setTimeout(() => this.start(), pauseMs);
  }
}
