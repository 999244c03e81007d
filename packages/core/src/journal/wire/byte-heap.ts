import type { ColumnMemory } from './column-memory.ts';

/** A buffer larger than this is not kept for the next batch: one huge value must not be paid for ever. */
const RETAINED_BYTES = 4 * 2 ** 20;
const FIRST_BYTES = 4096;

/** Bytes back to back, with room to grow. */
export class ByteHeap {
  data: Uint8Array;
  length = 0;
  private readonly memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.data = memory.u8(FIRST_BYTES);
  }

  /** Makes room for `more` bytes after `length`. */
  reserve(more: number): void {
    if (this.length + more > this.data.length) this.data = this.memory.grown(this.data, this.length + more);
  }

  append(bytes: Uint8Array): void {
    const { length } = bytes;
    this.reserve(length);
    if (length <= 32) {
      for (let i = 0; i < length; i++) this.data[this.length + i] = bytes[i] ?? 0;
    } else {
      this.data.set(bytes, this.length);
    }
    this.length += length;
  }

  reset(): void {
    this.length = 0;
    if (this.data.length > RETAINED_BYTES) this.data = this.memory.shrunk(this.data, FIRST_BYTES);
  }
}
