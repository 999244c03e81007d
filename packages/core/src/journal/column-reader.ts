import { SiderealError } from '../errors.ts';

/** The batch cannot be what a builder wrote. */
export function corrupt(why: string, cause?: unknown): SiderealError<'JOURNAL_CORRUPT'> {
  return new SiderealError('JOURNAL_CORRUPT', `a journal batch is damaged: ${why}`, {
    remedy: 'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
    cause,
  });
}

/**
 * Typed columns over the bytes of a batch whose length has been checked against its header. Columns are
 * views where nothing needs computing; each check that needs the column's content is made here.
 */
export class ColumnReader {
  private readonly buffer: ArrayBufferLike;
  private readonly offset: number;

  constructor(bytes: Uint8Array) {
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    this.buffer = aligned.buffer;
    this.offset = aligned.byteOffset;
  }

  u8(at: number, count: number): Uint8Array {
    return new Uint8Array(this.buffer, this.offset + at, count);
  }

  u16(at: number, count: number): Uint16Array {
    return new Uint16Array(this.buffer, this.offset + at, count);
  }

  i16(at: number, count: number): Int16Array {
    return new Int16Array(this.buffer, this.offset + at, count);
  }

  u32(at: number, count: number): Uint32Array {
    return new Uint32Array(this.buffer, this.offset + at, count);
  }

  i32(at: number, count: number): Int32Array {
    return new Int32Array(this.buffer, this.offset + at, count);
  }

  /** Codes below `limit`. */
  codes(at: number, count: number, limit: number, what: string): Uint8Array {
    const column = this.u8(at, count);
    for (const code of column) if (code >= limit) throw corrupt(`it holds the ${what} ${code}`);
    return column;
  }

  /** Ids of strings: 0, or a row of the string table plus one. */
  ids(at: number, count: number, strings: number): Uint32Array {
    const column = this.u32(at, count);
    for (const id of column) if (id > strings) throw corrupt(`it refers to string ${id} of ${strings}`);
    return column;
  }

  /** Node numbers, or -1 for none. */
  links(at: number, count: number): Int32Array {
    const column = this.i32(at, count);
    for (const link of column) if (link < -1) throw corrupt(`it refers to node ${link}`);
    return column;
  }

  /** Undoes the differences to the row before, modulo 2³². */
  differences(at: number, count: number): Uint32Array {
    const steps = this.i32(at, count);
    const column = new Uint32Array(count);
    let value = 0;
    for (let i = 0; i < count; i++) {
      value = (value + (steps[i] ?? 0)) >>> 0;
      column[i] = value;
    }
    return column;
  }

  /** Whole microseconds, from differences to the row before or (wide) as they are. */
  times(at: number, count: number, wide: number, base: number): Float64Array {
    if (wide) {
      const column = new Float64Array(this.buffer, this.offset + at, count);
      for (const time of column) if (!Number.isSafeInteger(time)) throw corrupt(`it holds the time ${time}`);
      return column;
    }
    if (!Number.isSafeInteger(base)) throw corrupt(`its times begin at ${base}`);
    const steps = this.i32(at, count);
    const column = new Float64Array(count);
    let time = base;
    for (let i = 0; i < count; i++) {
      time += steps[i] ?? 0;
      column[i] = time;
    }
    if (!Number.isSafeInteger(time)) throw corrupt(`its times end at ${time}`);
    return column;
  }

  sizes(at: number, count: number, wide: number): Float64Array {
    if (!wide) return Float64Array.from(this.u32(at, count));
    const column = new Float64Array(this.buffer, this.offset + at, count);
    for (const size of column) {
      if (!Number.isSafeInteger(size) || size < 0) throw corrupt(`it holds the size ${size}`);
    }
    return column;
  }

  /** Where each item starts in its heap, from the items' lengths; one more row than items, the last is the end. */
  starts(at: number, count: number, total: number, what: string): Uint32Array {
    const lengths = this.u32(at, count);
    const column = new Uint32Array(count + 1);
    let end = 0;
    for (let i = 0; i < count; i++) {
      end += lengths[i] ?? 0;
      column[i + 1] = end;
    }
    if (end !== total) throw corrupt(`its ${what} lengths add up to ${end} of ${total}`);
    return column;
  }
}
