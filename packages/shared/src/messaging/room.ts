/** Room for so many at a time. The others wait outside, in the order in which they came. */
export class Room {
  readonly #size: number;
  #free: number;
  readonly #outside: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
    this.#free = size;
  }

  /** How many are in it. */
  get inside(): number {
    return this.#size - this.#free;
  }

  /** Does the work as soon as there is room for it: at once, if there is. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((letIn) => this.#outside.push(letIn));
    try {
      return await work();
    } finally {
      const letIn = this.#outside.shift();
      // Whoever comes meanwhile finds no room that was meant for those outside.
      if (letIn) letIn();
      else this.#free++;
    }
  }
}
