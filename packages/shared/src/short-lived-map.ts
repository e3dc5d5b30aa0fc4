/**
 * A map for what stays a moment, many times a second. A Map makes its table anew whenever that is full, which deleted entries
 * fill too. The old table is garbage then, but mostly of V8's old generation, which is seldom collected, and until then it
 * keeps what was in it: requests long answered, with all that hangs on them, are taken into the old generation as well. Here a
 * table has a box for each value, emptied once that is taken out.
 */
export class ShortLivedMap<K, V> {
  readonly #boxes = new Map<K, { value: V | undefined }>();

  get size(): number {
    return this.#boxes.size;
  }

  set(key: K, value: V): void {
    this.#boxes.set(key, { value });
  }

  get(key: K): V | undefined {
    return this.#boxes.get(key)?.value;
  }

  /** Takes out what is under the key, if there is anything. */
  take(key: K): V | undefined {
    const box = this.#boxes.get(key);
    if (!box) return undefined;
    const { value } = box;
    box.value = undefined;
    this.#boxes.delete(key);
    return value;
  }

  keys(): MapIterator<K> {
    return this.#boxes.keys();
  }

  *values(): Generator<V> {
    for (const { value } of this.#boxes.values()) yield value!;
  }
}
