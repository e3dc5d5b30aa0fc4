import type { Fault } from './faults.ts';
import { servesAgainWithinMs, type ServiceProcesses } from './service-processes.ts';

/** Does harm to a system, several kinds of it at a time, and watches how soon it serves again. */
export class Harm {
  /** Milliseconds from a part's return until somebody got a ticket. */
  readonly waits: number[] = [];
  /** How often that took too long. */
  notServed = 0;
  /** How often a fault could not be made, or its part did not come back. */
  failed = 0;
  readonly #system: ServiceProcesses;
  readonly #say: (line: string) => void;
  /** The fault that is to be over before the next one at the same part. */
  readonly #lastAt = new Map<string, Promise<void>>();
  #underWay = 0;
  #struck = 0;

  constructor(system: ServiceProcesses, say: (line: string) => void) {
    this.#system = system;
    this.#say = say;
  }

  /** Returns after which the system was held to its time. */
  get judged(): number {
    return this.waits.length + this.notServed;
  }

  /**
   * Strikes as soon as no other fault is at the same parts; resolves once they are back and the system has been watched.
   * A strike that fails is counted and said, and those after it at the same parts go on.
   */
  async by(fault: Fault): Promise<void> {
    const before = Promise.all(fault.parts.map((part) => this.#lastAt.get(part) ?? Promise.resolve()));
    const struck = before.then(() => this.#strike(fault));
    const over = struck.then(() => undefined);
    for (const part of fault.parts) this.#lastAt.set(part, over);
    if (await struck) await this.#watch(fault.name);
  }

  /** @returns whether it was done and the part is back */
  async #strike({ name, strike }: Fault): Promise<boolean> {
    this.#underWay++;
    this.#struck++;
    try {
      await strike();
      return true;
    } catch (error) {
      this.failed++;
      this.#say(`${name}: FAILED: ${(error as Error).message}`);
      return false;
    } finally {
      this.#underWay--;
    }
  }

  /** Only a system whose parts are all back can be held to its time. */
  async #watch(name: string): Promise<void> {
    if (this.#underWay > 0) return this.#say(`${name}: over, while something else is broken`);
    const struck = this.#struck;
    const backAt = performance.now();
    try {
      await this.#system.serves();
    } catch {
      if (this.#struck > struck) return this.#say(`${name}: something else broke before anybody was served`);
      this.notServed++;
      return this.#say(`${name}: NOT SERVED within ${servesAgainWithinMs} ms`);
    }
    this.waits.push(Math.round(performance.now() - backAt));
    this.#say(`${name}: served ${this.waits.at(-1)} ms after`);
  }
}
