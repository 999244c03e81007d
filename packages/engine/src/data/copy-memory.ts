/** A copy of a buffer; undefined if its memory was given away. */
export function copyBuffer(buffer: ArrayBuffer): ArrayBuffer | undefined {
  try {
    return buffer.slice(0);
  } catch {
    return undefined;
  }
}

const VIEW_TYPES = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
} as const;

/** Newer engines have more of them. */
type ViewType = new (buffer: ArrayBuffer) => ArrayBufferView;

/**
 * A view of the same type, elements and class, of `buffer` or else of memory of its own; undefined if the
 * memory of the given one was given away.
 */
export function copyView(view: ArrayBufferView, buffer?: ArrayBuffer): ArrayBufferView | undefined {
  const type = typeOf(view);
  const bytes = buffer ?? bytesOf(view);
  if (type === undefined || bytes === undefined) return undefined;
  const copy = new type(bytes);
  const prototype: unknown = Object.getPrototypeOf(view);
  if (typeof prototype === 'object' && prototype !== type.prototype) Object.setPrototypeOf(copy, prototype);
  return copy;
}

function bytesOf(view: ArrayBufferView): ArrayBuffer | undefined {
  try {
    // Of shared memory too: what comes of it is the caller's own.
    return new Uint8Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)).buffer;
  } catch {
    return undefined;
  }
}

/** The type that made it, whatever it is called: a Buffer is a Uint8Array. */
function typeOf(view: ArrayBufferView): ViewType | undefined {
  const tag: unknown = Reflect.get(view, Symbol.toStringTag);
  if (typeof tag !== 'string') return undefined;
  if (tag in VIEW_TYPES) return VIEW_TYPES[tag as keyof typeof VIEW_TYPES];
  const type: unknown = Reflect.get(globalThis, tag);
  return typeof type === 'function' ? (type as ViewType) : undefined;
}
