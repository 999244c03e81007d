import { grown } from './grown.ts';

/** A buffer larger than this is not kept for the next batch: one huge value must not be paid for ever. */
const RETAINED_BYTES = 4 * 2 ** 20;

/** Bytes back to back, with room to grow. */
export class ByteHeap {
  data = new Uint8Array(4096);
  length = 0;

  /** Makes room for `more` bytes after `length`. */
  reserve(more: number): void {
    if (this.length + more > this.data.length) this.data = grown(this.data, this.length + more);
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
    if (this.data.length > RETAINED_BYTES) this.data = new Uint8Array(4096);
  }
}
