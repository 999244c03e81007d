/** Where each id lies in the heap that it is in, or -1: a column of the caller's, which may be replaced as it grows. */
export interface HeapPlaces {
  readonly heapAt: Int32Array;
}

/**
 * A binary heap of node ids in a typed array, ordered by a caller's comparison, from which any id can be
 * removed. An id is in one heap at most, once; what it is compared by must not change meanwhile. Mutable by
 * design: every task passes through it (see bench/).
 */
export class ReadyHeap {
  #ids = new Int32Array(64);
  #size = 0;
  readonly #before: (a: number, b: number) => boolean;
  readonly #places: HeapPlaces;

  constructor(before: (a: number, b: number) => boolean, places: HeapPlaces) {
    this.#before = before;
    this.#places = places;
  }

  get size(): number {
    return this.#size;
  }

  /** The first id, or -1. */
  peek(): number {
    return this.#size === 0 ? -1 : (this.#ids[0] ?? -1);
  }

  push(id: number): void {
    if (this.#size === this.#ids.length) {
      const ids = new Int32Array(this.#size * 2);
      ids.set(this.#ids);
      this.#ids = ids;
    }
    this.#size += 1;
    this.#rise(id, this.#size - 1);
  }

  /** Removes and returns the first id, or -1. */
  pop(): number {
    const first = this.peek();
    if (first >= 0) this.remove(first);
    return first;
  }

  /** Removes an id that is in this heap. */
  remove(id: number): void {
    const { heapAt } = this.#places;
    const at = heapAt[id] ?? -1;
    heapAt[id] = -1;
    this.#size -= 1;
    if (at === this.#size) return;
    const last = this.#ids[this.#size] ?? -1;
    if (at > 0 && this.#before(last, this.#ids[(at - 1) >> 1] ?? -1)) this.#rise(last, at);
    else this.#sink(last, at);
  }

  /** Puts an id where it belongs, from `at` towards the top. */
  #rise(id: number, from: number): void {
    const ids = this.#ids;
    const { heapAt } = this.#places;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = ids[up] ?? -1;
      if (!this.#before(id, parent)) break;
      ids[at] = parent;
      heapAt[parent] = at;
      at = up;
    }
    ids[at] = id;
    heapAt[id] = at;
  }

  /** Puts an id where it belongs, from `at` away from the top. */
  #sink(id: number, from: number): void {
    const ids = this.#ids;
    const { heapAt } = this.#places;
    let at = from;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= this.#size) break;
      if (down + 1 < this.#size && this.#before(ids[down + 1] ?? -1, ids[down] ?? -1)) down += 1;
      const child = ids[down] ?? -1;
      if (!this.#before(child, id)) break;
      ids[at] = child;
      heapAt[child] = at;
      at = down;
    }
    ids[at] = id;
    heapAt[id] = at;
  }
}
