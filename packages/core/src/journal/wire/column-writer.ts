/** Every column starts at a multiple of its item's width, every section at a multiple of this. */
export const ALIGNMENT = 8;

/**
 * Hands out columns of a buffer one after the other, each aligned to the width of its items, to be filled.
 * The buffer is large enough, because builders count bytes from above.
 */
export class ColumnWriter {
  /** Where the next column may begin. */
  at: number;
  private readonly buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer, at = 0) {
    this.buffer = buffer;
    this.at = at;
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

  /** Differences to the row before, modulo 2³²; the first row's is to `before`. */
  differences(column: Uint32Array | Float64Array, count: number, before: number): void {
    const target = this.i32(count);
    let last = before;
    for (let i = 0; i < count; i++) {
      const value = column[i] ?? 0;
      target[i] = value - last;
      last = value;
    }
  }

  align(width: number): void {
    this.at = Math.ceil(this.at / width) * width;
  }

  private take(count: number, width: number): number {
    this.align(width);
    const start = this.at;
    this.at += count * width;
    return start;
  }
}
