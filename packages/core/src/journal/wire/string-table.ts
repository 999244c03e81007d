import { ByteHeap } from './byte-heap.ts';
import type { ColumnMemory } from './column-memory.ts';

const SHORT = 64;
const encoder = new TextEncoder();

/**
 * A batch's strings while it is collected: UTF-8 back to back, referred to by small ids. Id 0 is the empty
 * string and is not stored. Lone surrogates become U+FFFD, as everywhere in UTF-8.
 *
 * Hot path: a short ASCII string is a loop of byte stores.
 */
export class StringTable {
  lengths: Uint32Array;
  /** Strings stored. */
  count = 0;
  readonly heap: ByteHeap;
  private readonly memory: ColumnMemory;
  private readonly ids = new Map<string, number>();
  private last = '';
  private lastId = 0;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.lengths = memory.u32(256);
    this.heap = new ByteHeap(memory);
  }

  /** Id of a string that is likely to come again (reasons, names): each is stored once. */
  intern(text: string): number {
    if (text === '') return 0;
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.store(text);
    this.ids.set(text, id);
    return id;
  }

  /** Id of a string that is likely to be unique (previews, bodies): only a direct repetition is recognised. */
  add(text: string): number {
    if (text === '') return 0;
    if (text === this.last) return this.lastId;
    this.lastId = this.store(text);
    this.last = text;
    return this.lastId;
  }

  /** Another thread has stored so many strings in these columns. */
  received(count: number): void {
    this.count = count;
    this.heap.length = this.lengths.subarray(0, count).reduce((sum, length) => sum + length, 0);
  }

  reset(): void {
    this.count = 0;
    this.heap.reset();
    this.ids.clear();
    this.last = '';
    this.lastId = 0;
  }

  private store(text: string): number {
    if (this.count === this.lengths.length) this.lengths = this.memory.grown(this.lengths);
    this.heap.reserve(text.length * 3);
    const length = this.write(text);
    this.lengths[this.count] = length;
    this.heap.length += length;
    this.count += 1;
    return this.count;
  }

  private write(text: string): number {
    const { data, length: start } = this.heap;
    if (text.length <= SHORT) {
      let i = 0;
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code > 0x7f) break;
        data[start + i] = code;
      }
      if (i === text.length) return i;
    }
    return encoder.encodeInto(text, data.subarray(start)).written;
  }
}
