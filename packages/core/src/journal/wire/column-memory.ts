/** A column under collection. */
export type RecordColumn = Uint8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float64Array;

/**
 * The growing typed arrays that a batch is collected in, in the order in which they are asked for. They may lie in
 * memory that another thread sees too: that thread makes the same builder of the same arrays, by asking for them in
 * the same order ({@link ReceivedColumns}).
 */
export class ColumnMemory {
  readonly columns: RecordColumn[] = [];
  /** Rises whenever an array takes the place of another. */
  version = 1;
  private readonly isShared: boolean;

  constructor(isShared = false) {
    this.isShared = isShared;
  }

  u8(length: number): Uint8Array {
    return this.added(new Uint8Array(this.buffer(length)));
  }

  u16(length: number): Uint16Array {
    return this.added(new Uint16Array(this.buffer(2 * length)));
  }

  i16(length: number): Int16Array {
    return this.added(new Int16Array(this.buffer(2 * length)));
  }

  u32(length: number): Uint32Array {
    return this.added(new Uint32Array(this.buffer(4 * length)));
  }

  i32(length: number): Int32Array {
    return this.added(new Int32Array(this.buffer(4 * length)));
  }

  f64(length: number): Float64Array {
    return this.added(new Float64Array(this.buffer(8 * length)));
  }

  /** The same column with room for at least `length` items, and at least twice the room that it had. */
  grown(column: Uint8Array, length?: number): Uint8Array;
  grown(column: Uint16Array, length?: number): Uint16Array;
  grown(column: Int16Array, length?: number): Int16Array;
  grown(column: Uint32Array, length?: number): Uint32Array;
  grown(column: Int32Array, length?: number): Int32Array;
  grown(column: Float64Array, length?: number): Float64Array;
  grown(column: RecordColumn, length = 0): RecordColumn {
    const larger = this.emptyLike(column, Math.max(length, column.length * 2));
    larger.set(column);
    this.replace(column, larger);
    return larger;
  }

  /** Room for `length` bytes in place of a column that became too large to be kept. */
  shrunk(column: Uint8Array, length: number): Uint8Array {
    const smaller = new Uint8Array(this.buffer(length));
    this.replace(column, smaller);
    return smaller;
  }

  private buffer(bytes: number): ArrayBufferLike {
    return this.isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  }

  private added<T extends RecordColumn>(column: T): T {
    this.columns.push(column);
    return column;
  }

  private replace(column: RecordColumn, by: RecordColumn): void {
    this.columns[this.columns.indexOf(column)] = by;
    this.version += 1;
  }

  private emptyLike(column: RecordColumn, length: number): RecordColumn {
    const buffer = this.buffer(column.BYTES_PER_ELEMENT * length);
    if (column instanceof Uint8Array) return new Uint8Array(buffer);
    if (column instanceof Uint16Array) return new Uint16Array(buffer);
    if (column instanceof Int16Array) return new Int16Array(buffer);
    if (column instanceof Uint32Array) return new Uint32Array(buffer);
    if (column instanceof Int32Array) return new Int32Array(buffer);
    return new Float64Array(buffer);
  }
}

/** Gives out columns that another thread has made, in its order; what is asked for beyond that is new. */
export class ReceivedColumns extends ColumnMemory {
  private readonly received: RecordColumn[];

  constructor(columns: readonly RecordColumn[]) {
    super();
    this.columns.push(...columns);
    this.received = [...columns];
  }

  override u8(length: number): Uint8Array {
    const next = this.received.shift();
    return next instanceof Uint8Array ? next : super.u8(length);
  }

  override u16(length: number): Uint16Array {
    const next = this.received.shift();
    return next instanceof Uint16Array ? next : super.u16(length);
  }

  override i16(length: number): Int16Array {
    const next = this.received.shift();
    return next instanceof Int16Array ? next : super.i16(length);
  }

  override u32(length: number): Uint32Array {
    const next = this.received.shift();
    return next instanceof Uint32Array ? next : super.u32(length);
  }

  override i32(length: number): Int32Array {
    const next = this.received.shift();
    return next instanceof Int32Array ? next : super.i32(length);
  }

  override f64(length: number): Float64Array {
    const next = this.received.shift();
    return next instanceof Float64Array ? next : super.f64(length);
  }
}
