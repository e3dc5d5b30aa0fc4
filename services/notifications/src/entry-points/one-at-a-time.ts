import { Overloaded } from '@turno/shared';

/** Lets pieces of work run one after the other, in the order they came. */
export class OneAtATime {
  readonly #atMost: number;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param atMost pieces of work that may wait or run; the next one is refused */
  constructor(atMost: number) {
    this.#atMost = atMost;
  }

  /** @throws Overloaded when too many wait already; whatever the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count >= this.#atMost) throw new Overloaded(`${this.#count} others are at it`);
    this.#count++;
    const turn = this.#last.then(work).finally(() => this.#count--);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
