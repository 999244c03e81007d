import { previewValue } from '@sidereal/engine';

/** Typed arrays up to this many elements are written out. */
const MAX_ELEMENTS = 10_000;

/**
 * A value in a form that JSON carries: typed arrays and sets as arrays, maps as arrays of pairs, dates as ISO
 * text, bigints as text; what is larger or cannot be said becomes `{ "$preview": "Float64Array(1310720)" }`.
 */
export function jsonValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'function':
    case 'symbol':
      return { $preview: previewValue(value) };
    case 'object':
      return value === null
        ? null
        : depth > 50
          ? { $preview: previewValue(value) }
          : jsonObject(value, depth + 1);
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
  }
}

function jsonObject(value: object, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, depth));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) {
    return [...value].map(([key, item]) => [jsonValue(key, depth), jsonValue(item, depth)]);
  }
  if (value instanceof Set) return [...value].map((item) => jsonValue(item, depth));
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    const items = value as Iterable<number | bigint> & ArrayBufferView & { readonly length: number };
    return items.length <= MAX_ELEMENTS
      ? Array.from(items, (item) => jsonValue(item, depth))
      : { $preview: previewValue(value) };
  }
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { $preview: previewValue(value) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item, depth)]));
}
