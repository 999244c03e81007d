/**
 * A hash table from 128-bit keys to small integers, in typed arrays: 20 bytes an entry at most 70 % full, so
 * that a flow may have ten million keyed calls. Open addressing, linear probing; entries are never removed.
 * Mutable by design: it sits on the path of every submitted task.
 */
export class KeyTable {
  #words = new Uint32Array(4 * 16);
  #values = new Int32Array(16).fill(EMPTY);
  #mask = 15;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The value of a key (16 bytes at `offset`), or undefined. */
  get(key: Uint8Array, offset = 0): number | undefined {
    const value = this.#values[this.#find(key, offset)];
    return value === EMPTY ? undefined : value;
  }

  /** Sets the value (0 or more) of a key. */
  set(key: Uint8Array, value: number, offset = 0): void {
    if (this.#size * 10 >= this.#values.length * 7) this.#grow();
    const slot = this.#find(key, offset);
    if (this.#values[slot] === EMPTY) this.#add(slot, key, value, offset);
    else this.#values[slot] = value;
  }

  /** Counts an occurrence of a key; returns how many there were before. */
  count(key: Uint8Array, offset = 0): number {
    if (this.#size * 10 >= this.#values.length * 7) this.#grow();
    const slot = this.#find(key, offset);
    const before = this.#values[slot] ?? EMPTY;
    if (before === EMPTY) this.#add(slot, key, 1, offset);
    else this.#values[slot] = before + 1;
    return before === EMPTY ? 0 : before;
  }

  #add(slot: number, key: Uint8Array, value: number, offset: number): void {
    this.#size += 1;
    for (let word = 0; word < 4; word += 1) this.#words[slot * 4 + word] = wordAt(key, offset + word * 4);
    this.#values[slot] = value;
  }

  /** Slot of the key, or the empty slot where it belongs. */
  #find(key: Uint8Array, offset: number): number {
    const a = wordAt(key, offset);
    const b = wordAt(key, offset + 4);
    const c = wordAt(key, offset + 8);
    const d = wordAt(key, offset + 12);
    const words = this.#words;
    let slot = a & this.#mask;
    while (this.#values[slot] !== EMPTY) {
      const at = slot * 4;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const words = this.#words;
    const values = this.#values;
    const length = values.length * 2;
    this.#words = new Uint32Array(4 * length);
    this.#values = new Int32Array(length).fill(EMPTY);
    this.#mask = length - 1;
    for (let from = 0; from < values.length; from += 1) {
      const value = values[from] ?? EMPTY;
      if (value === EMPTY) continue;
      let slot = (words[from * 4] ?? 0) & this.#mask;
      while (this.#values[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
      for (let word = 0; word < 4; word += 1) this.#words[slot * 4 + word] = words[from * 4 + word] ?? 0;
      this.#values[slot] = value;
    }
  }
}

const EMPTY = -1;

function wordAt(key: Uint8Array, offset: number): number {
  return (
    ((key[offset] ?? 0) |
      ((key[offset + 1] ?? 0) << 8) |
      ((key[offset + 2] ?? 0) << 16) |
      ((key[offset + 3] ?? 0) << 24)) >>>
    0
  );
}
