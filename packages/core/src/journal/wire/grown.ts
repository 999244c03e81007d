/** Growing typed arrays in place of JavaScript arrays: what a batch is collected in. */
type Column = Uint8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float64Array;

/** The same column with room for at least `length` items, and at least twice the room that it had. */
export function grown(column: Uint8Array<ArrayBuffer>, length?: number): Uint8Array<ArrayBuffer>;
export function grown(column: Uint16Array, length?: number): Uint16Array<ArrayBuffer>;
export function grown(column: Int16Array, length?: number): Int16Array<ArrayBuffer>;
export function grown(column: Uint32Array, length?: number): Uint32Array<ArrayBuffer>;
export function grown(column: Int32Array, length?: number): Int32Array<ArrayBuffer>;
export function grown(column: Float64Array, length?: number): Float64Array<ArrayBuffer>;
export function grown(column: Column, length = 0): Column {
  const room = Math.max(length, column.length * 2);
  const larger = emptyLike(column, room);
  larger.set(column);
  return larger;
}

function emptyLike(column: Column, length: number): Column {
  if (column instanceof Uint8Array) return new Uint8Array(length);
  if (column instanceof Uint16Array) return new Uint16Array(length);
  if (column instanceof Int16Array) return new Int16Array(length);
  if (column instanceof Uint32Array) return new Uint32Array(length);
  if (column instanceof Int32Array) return new Int32Array(length);
  return new Float64Array(length);
}
