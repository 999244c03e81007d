/**
 * A value as bytes: one tag byte, then the payload. Small scalars have tags of their own, because most tasks
 * return little; everything else is V8's structured-clone format (readable by this and every later Node).
 * The tags are part of the journal format: append, never renumber.
 */
import { deserialize, serialize } from 'node:v8';
import { SiderealError } from '@sidereal/core';

const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  float64: 4,
  text: 5,
  structured: 6,
  int32: 7,
} as const;

/** Of no bytes at all. */
const NO_TAG = -1;
const UNDEFINED = Uint8Array.of(TAG.undefined);
const NULL = Uint8Array.of(TAG.null);
const FALSE = Uint8Array.of(TAG.false);
const TRUE = Uint8Array.of(TAG.true);

/** Encodes a value that {@link measure} found no obstacle in. */
export function encodeValue(value: unknown): Uint8Array {
  switch (typeof value) {
    case 'undefined':
      return UNDEFINED;
    case 'boolean':
      return value ? TRUE : FALSE;
    case 'number':
      return encodeNumber(value);
    case 'string': {
      const text = Buffer.from(value, 'utf8');
      // A lone surrogate does not survive UTF-8: leave such strings to the structured format.
      if (text.length === value.length || value.isWellFormed()) return tagged(TAG.text, text);
      break;
    }
    default:
      if (value === null) return NULL;
  }
  return tagged(TAG.structured, serialize(plainBuffers(value)));
}

/** The value of encoded bytes. Throws `VALUE_CORRUPT` if they are none. */
export function decodeValue(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (bytes[0] ?? NO_TAG) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.float64:
        return view.getFloat64(1, true);
      case TAG.int32:
        return view.getInt32(1, true);
      case TAG.text:
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(1));
      case TAG.structured:
        return deserialize(bytes.subarray(1));
    }
  } catch (cause) {
    throw corrupt(cause);
  }
  throw corrupt(new RangeError(`unknown tag ${bytes[0]}`));
}

function encodeNumber(value: number): Uint8Array {
  if (Number.isInteger(value) && (value | 0) === value && !Object.is(value, -0)) {
    return Uint8Array.of(
      TAG.int32,
      value & 255,
      (value >> 8) & 255,
      (value >> 16) & 255,
      (value >> 24) & 255,
    );
  }
  const bytes = new Uint8Array(9);
  bytes[0] = TAG.float64;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

function tagged(tag: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = tag;
  bytes.set(payload, 1);
  return bytes;
}

/** Buffers become Uint8Arrays and shared memory is copied: a decoded value is the reader's own. */
function plainBuffers(value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  if (value instanceof Buffer) return new Uint8Array(value);
  return value.buffer instanceof SharedArrayBuffer ? structuredCloneOf(value) : value;
}

function structuredCloneOf(view: ArrayBufferView): ArrayBufferView {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const type = view.constructor as new (buffer: ArrayBuffer) => ArrayBufferView;
  return new type(bytes.buffer);
}

function corrupt(cause: unknown): SiderealError {
  return new SiderealError('VALUE_CORRUPT', 'a recorded value cannot be read', {
    cause,
    remedy: 'Run `sidereal doctor`; the task that made it can be run again with `sidereal retry --from`.',
  });
}
