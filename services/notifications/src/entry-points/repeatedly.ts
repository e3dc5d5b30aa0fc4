import type { Logger } from '@turno/shared';

export interface RepeatedlyOptions {
  readonly everyMs: number;
  /** True to be called again at once: there is more to do. */
  readonly work: () => Promise<boolean>;
  /** What it does, for the log: `look for due messages`. */
  readonly what: string;
  readonly logger: Logger;
}

/** Does its work now and from then on regularly, one at a time. What fails is logged and comes to its turn again. */
export class Repeatedly {
  readonly #options: RepeatedlyOptions;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(options: RepeatedlyOptions) {
    this.#options = options;
  }

  start(): void {
    this.#working = this.#work().finally(() => {
      if (!this.#isStopping) this.#timer = setTimeout(() => this.start(), this.#options.everyMs);
    });
  }

  /** Resolves once the work under way is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    const { work, what, logger } = this.#options;
    try {
      while (!this.#isStopping && (await work()));
    } catch (error) {
      logger.warn({ err: error }, `could not ${what}`);
    }
  }
}
