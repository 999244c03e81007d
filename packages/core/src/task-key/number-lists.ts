/**
 * Long lists of numbers, the bulk of most arguments that are no typed arrays: told apart by their bytes, because
 * writing a number as text takes twenty times as long.
 */

/** Numbers from which a list is long. */
const LONG = 32;

/** Is it a long list of nothing but numbers? Not if NaN is among them, which has bytes of many kinds. */
export function isLongOfNumbers(list: readonly unknown[]): list is readonly number[] {
  if (list.length < LONG) return false;
  for (let i = 0; i < list.length; i += 1) {
    const item = list[i];
    if (typeof item !== 'number' || Number.isNaN(item)) return false;
  }
  return true;
}

/** The numbers as float64 bytes, little endian; they hold until the next call. */
export function bytesOfNumbers(list: readonly number[]): Uint8Array {
  // Not `from`, which asks for an iterator.
  if (list.length > reused.length) return new Uint8Array(new Float64Array(list).buffer);
  reused.set(list);
  return reusedBytes.subarray(0, list.length * Float64Array.BYTES_PER_ELEMENT);
}

const reused = new Float64Array(1024);
const reusedBytes = new Uint8Array(reused.buffer);
