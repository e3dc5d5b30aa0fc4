/** Hands on together, in their order, what came in one turn of the event loop. What comes alone waits for nobody. */
export class GroupedByTurn<T> {
  readonly #handOn: (items: readonly T[]) => void;
  #items: T[] = [];

  constructor(handOn: (items: readonly T[]) => void) {
    this.#handOn = handOn;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length === 1) setImmediate(() => this.flush());
  }

  /** Hands on what came until now. */
  flush(): void {
    const items = this.takeBack();
    if (items.length > 0) this.#handOn(items);
  }

  /** What came and was not handed on, which it will not be any more. */
  takeBack(): readonly T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}
