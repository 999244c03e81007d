import { scienceError } from '../science-error.ts';

/**
 * Columns as `.npy` files, format version 1.0 (NumPy Enhancement Proposal 1): magic, a header that is a
 * Python dictionary, then the numbers, little-endian, last axis fastest. Any NumPy reads them.
 */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array;
  /** True when pairs of `values` are one complex number; `shape` counts pairs. */
  readonly complex: boolean;
}

const MAGIC = '\u0093NUMPY';
const ALIGN = 64;

function descriptor(array: NpyArray): string {
  if (array.complex) return array.values instanceof Float64Array ? '<c16' : '<c8';
  if (array.values instanceof Float64Array) return '<f8';
  if (array.values instanceof Float32Array) return '<f4';
  if (array.values instanceof Int32Array) return '<i4';
  return '|u1';
}

/** The bytes of an `.npy` file. */
export function encodeNpy(array: NpyArray): Uint8Array {
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const text = `{'descr': '${descriptor(array)}', 'fortran_order': False, 'shape': (${shape}), }`;
  const padding = ALIGN - ((10 + text.length + 1) % ALIGN);
  const header = `${text}${' '.repeat(padding % ALIGN)}\n`;
  const bytes = new Uint8Array(10 + header.length + array.values.byteLength);
  for (let index = 0; index < MAGIC.length; index++) bytes[index] = MAGIC.charCodeAt(index);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  for (let index = 0; index < header.length; index++) bytes[10 + index] = header.charCodeAt(index);
  const { buffer, byteOffset, byteLength } = array.values;
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength), 10 + header.length);
  return bytes;
}

const KINDS = {
  '<f8': { make: (b: ArrayBuffer) => new Float64Array(b), bytes: 8, complex: false },
  '<f4': { make: (b: ArrayBuffer) => new Float32Array(b), bytes: 4, complex: false },
  '<i4': { make: (b: ArrayBuffer) => new Int32Array(b), bytes: 4, complex: false },
  '|u1': { make: (b: ArrayBuffer) => new Uint8Array(b), bytes: 1, complex: false },
  '|b1': { make: (b: ArrayBuffer) => new Uint8Array(b), bytes: 1, complex: false },
  '<c8': { make: (b: ArrayBuffer) => new Float32Array(b), bytes: 8, complex: true },
  '<c16': { make: (b: ArrayBuffer) => new Float64Array(b), bytes: 16, complex: true },
} as const;

const isKind = (text: string): text is keyof typeof KINDS => Object.hasOwn(KINDS, text);

/** What the header of an `.npy` file says. */
export interface NpyHeader {
  readonly kind: keyof typeof KINDS;
  readonly shape: readonly number[];
  /** Bytes of one element, and where the first begins. */
  readonly elementBytes: number;
  readonly start: number;
}

function damaged(name: string, what: string): Error {
  return scienceError(
    'ARRAY_FILE_INVALID',
    `${name}: ${what}`,
    'The file is damaged or incomplete: copy it again, or make the observation again.',
  );
}

/** Reads the header; `bytes` may be the beginning of the file only. Throws `ARRAY_FILE_INVALID`. */
export function decodeNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== MAGIC || bytes[6] !== 1) throw damaged(name, 'not an .npy file of version 1');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, 10 + headerLength));
  const kind = /'descr': *'([^']*)'/.exec(header)?.[1] ?? '';
  const shapeText = /'shape': *\(([^)]*)\)/.exec(header)?.[1];
  if (!isKind(kind)) throw damaged(name, `element type ${JSON.stringify(kind)} is not supported`);
  if (shapeText === undefined || !/'fortran_order': *False/.test(header))
    throw damaged(name, 'header not understood');
  const shape = shapeText
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(Number);
  return { kind, shape, elementBytes: KINDS[kind].bytes, start: 10 + headerLength };
}

/** Reads an `.npy` file; `name` is for the error. Throws `ARRAY_FILE_INVALID`. */
export function decodeNpy(bytes: Uint8Array, name: string): NpyArray {
  const { kind, shape, elementBytes, start } = decodeNpyHeader(bytes, name);
  const length = shape.reduce((product, size) => product * size, 1) * elementBytes;
  if (bytes.length !== start + length) {
    throw damaged(
      name,
      `${bytes.length - start} bytes of data where shape (${shape.join(', ')}) needs ${length}`,
    );
  }
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(bytes.subarray(start));
  return { shape, values: KINDS[kind].make(copy), complex: KINDS[kind].complex };
}
