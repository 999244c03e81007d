/**
 * One-dimensional typed arrays as NumPy `.npy` files, format version 1.0 (NumPy NEP 1), little-endian, so
 * that results are readable by anything of the field without Sidereal.
 */
import { SiderealError } from '@sidereal/core';

const TYPES = {
  '<f8': Float64Array,
  '<f4': Float32Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '<i2': Int16Array,
  '<u2': Uint16Array,
  '|i1': Int8Array,
  '|u1': Uint8Array,
  '<i8': BigInt64Array,
  '<u8': BigUint64Array,
} as const;
type Descr = keyof typeof TYPES;
export type NpyArray = InstanceType<(typeof TYPES)[Descr]>;

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);

function descrOf(value: unknown): Descr | undefined {
  for (const descr of Object.keys(TYPES) as Descr[]) {
    if (value instanceof TYPES[descr] && !(value instanceof Buffer)) return descr;
  }
  return undefined;
}

/** Is it an array that a `.npy` file can hold? */
export function isNpyArray(value: unknown): value is NpyArray {
  return ArrayBuffer.isView(value) && descrOf(value) !== undefined;
}

/** The header of an array's file; its bytes follow. */
export function npyHeader(array: NpyArray): Uint8Array {
  const text = `{'descr': '${descrOf(array)}', 'fortran_order': False, 'shape': (${array.length},), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length).fill(0x20);
  header.set(MAGIC);
  header[8] = length & 255;
  header[9] = length >> 8;
  header.set(Buffer.from(text, 'latin1'), 10);
  header[9 + length] = 0x0a;
  return header;
}

/** The array in a `.npy` file's bytes, as a copy of its own. Throws `VALUE_CORRUPT`. */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const isVersion1 = MAGIC.every((byte, at) => bytes[at] === byte);
  const length = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
  const text = Buffer.from(bytes.subarray(10, 10 + length)).toString('latin1');
  const match = /'descr': '([^']+)', 'fortran_order': False, 'shape': \((\d+),\)/.exec(text);
  const type = TYPES[match?.[1] as Descr];
  // Copied: a Buffer's own slice would share memory.
  const body = new Uint8Array(bytes.subarray(10 + length));
  if (
    !isVersion1 ||
    match === null ||
    type === undefined ||
    body.byteLength !== Number(match[2]) * type.BYTES_PER_ELEMENT
  ) {
    throw new SiderealError('VALUE_CORRUPT', 'a result file is not a one-dimensional .npy array', {
      remedy: 'Run `sidereal doctor`; the task that made it can be run again with `sidereal retry --from`.',
    });
  }
  return new type(body.buffer);
}
