import { ALIGNMENT } from './column-writer.ts';
import { corrupt } from './journal-errors.ts';

/** What a column of a section may refer to elsewhere in its batch. */
export interface ReferredParts {
  /** Strings in the batch's table. */
  readonly strings: number;
  /** Bytes of the value heap. */
  readonly heapBytes: number;
}

/**
 * Hands out the columns of one section one after the other, as views of its bytes where nothing needs
 * computing. No column reaches beyond the section, whatever its counts say.
 */
export class ColumnReader {
  readonly parts: ReferredParts;
  private readonly buffer: ArrayBufferLike;
  /** Where the batch begins in the buffer; columns are aligned to this. */
  private readonly origin: number;
  private readonly end: number;
  private at: number;

  /** `bytes` is the batch, at a multiple of {@link ALIGNMENT} in its buffer; the section is a range of it. */
  constructor(bytes: Uint8Array, start: number, end: number, parts: ReferredParts) {
    this.buffer = bytes.buffer;
    this.origin = bytes.byteOffset;
    this.at = start;
    this.end = end;
    this.parts = parts;
  }

  u8(count: number): Uint8Array {
    return new Uint8Array(this.buffer, this.take(count, 1), count);
  }

  u16(count: number): Uint16Array {
    return new Uint16Array(this.buffer, this.take(count, 2), count);
  }

  i16(count: number): Int16Array {
    return new Int16Array(this.buffer, this.take(count, 2), count);
  }

  u32(count: number): Uint32Array {
    return new Uint32Array(this.buffer, this.take(count, 4), count);
  }

  i32(count: number): Int32Array {
    return new Int32Array(this.buffer, this.take(count, 4), count);
  }

  f64(count: number): Float64Array {
    return new Float64Array(this.buffer, this.take(count, 8), count);
  }

  /** Undoes the differences to the row before, modulo 2³². */
  differences(count: number): Uint32Array {
    const steps = this.i32(count);
    const column = new Uint32Array(count);
    let value = 0;
    for (let i = 0; i < count; i++) {
      value = (value + (steps[i] ?? 0)) >>> 0;
      column[i] = value;
    }
    return column;
  }

  /** Where each item starts among all, from the items' lengths; one more row than items, the last is the end. */
  starts(count: number): Uint32Array {
    const lengths = this.u32(count);
    const column = new Uint32Array(count + 1);
    let end = 0;
    for (let i = 0; i < count; i++) {
      end += lengths[i] ?? 0;
      column[i + 1] = end;
    }
    if (end > 0xffff_ffff) throw corrupt(`lengths in it add up to ${end}`);
    return column;
  }

  /** All columns are read: the section must hold nothing more, but for what aligns the next one. */
  assertEnd(): void {
    const end = Math.ceil(this.at / ALIGNMENT) * ALIGNMENT;
    if (end !== this.end) throw corrupt(`a section ends at byte ${this.end} where its columns end at ${end}`);
  }

  private take(count: number, width: number): number {
    const start = Math.ceil(this.at / width) * width;
    const end = start + count * width;
    if (end > this.end) throw corrupt(`a section ends at byte ${this.end} where a column ends at ${end}`);
    this.at = end;
    return this.origin + start;
  }
}
