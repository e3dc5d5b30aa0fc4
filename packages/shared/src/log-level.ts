import { pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevelName = (typeof logLevels)[number];

/**
 * From which level on a log is written, changeable while it is. The loggers themselves take every level: a child keeps
 * the level that its parent had when it was made, and would not hear of another.
 */
export class LogLevel {
  readonly configured: string;
  #name: string;
  #least: number;
  #until: Date | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(configured: string) {
    this.configured = configured;
    this.#name = configured;
    this.#least = leastOf(configured);
  }

  get name(): string {
    return this.#name;
  }

  /** When it goes back to the configured one, if it does. */
  get until(): Date | undefined {
    return this.#until;
  }

  /** Whether a line of that level, by pino's number, is written. */
  isWritten(level: number): boolean {
    return level >= this.#least;
  }

  /** @param forMs after so many milliseconds it goes back to the configured one; undefined for not by itself */
  change(name: LogLevelName, forMs?: number): void {
    clearTimeout(this.#timer);
    this.#set(name);
    this.#until = undefined;
    if (forMs === undefined) return;
    this.#until = new Date(Date.now() + forMs);
    this.#timer = setTimeout(() => {
      this.#until = undefined;
      this.#set(this.configured);
    }, forMs).unref();
  }

  #set(name: string): void {
    this.#name = name;
    this.#least = leastOf(name);
  }
}

/** No line is `silent`. */
function leastOf(name: string): number {
  return pino.levels.values[name] ?? Infinity;
}
