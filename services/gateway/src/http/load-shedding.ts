import { Overloaded, type Logger } from '@turno/shared';
import type { RequestHandler } from 'express';

export interface LoadSheddingOptions {
  /** Requests in flight beyond this are refused. */
  readonly maxInFlight: number;
  readonly logger: Logger;
}

/** While requests are shed the log says so this often, in milliseconds. */
const logEveryMs = 1_000;

/**
 * Refuses requests beyond a bound at once, before their bodies are read: those that are in already get their answers in
 * time, instead of all being late together. A request is in flight until its answer is written or its caller has left.
 */
export class LoadShedding {
  readonly #options: LoadSheddingOptions;
  #inFlight = 0;
  #shed = 0;
  #shedWhenLogged = 0;
  #loggedAt = -Infinity;

  constructor(options: LoadSheddingOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests refused since the start. */
  get shed(): number {
    return this.#shed;
  }

  readonly handler: RequestHandler = (_request, response, next) => {
    if (this.#inFlight >= this.#options.maxInFlight) {
      this.#shed++;
      this.#log();
      throw new Overloaded(`${this.#inFlight} requests are in flight`);
    }
    this.#inFlight++;
    response.once('close', () => this.#inFlight--);
    next();
  };

  /** Once a second: a line for each would be a load of its own. */
  #log(): void {
    if (performance.now() - this.#loggedAt < logEveryMs) return;
    this.#options.logger.warn(
      { in_flight: this.#inFlight, shed: this.#shed - this.#shedWhenLogged },
      'requests are shed: too many are in flight',
    );
    this.#loggedAt = performance.now();
    this.#shedWhenLogged = this.#shed;
  }
}
