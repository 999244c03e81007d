import { isThenable } from '../future/future.ts';

/** What a walk through a value finds out. */
export interface Measure {
  /** Bytes in memory, roughly; buffers exactly. */
  readonly bytes: number;
  /** Those of them in buffers: encoded they are no fewer, while text and numbers may be. */
  readonly bufferBytes: number;
  /** Why it cannot be kept durably and come back the same, or undefined if it can. */
  readonly obstacle: string | undefined;
}

const SMALL: Measure = { bytes: 8, bufferBytes: 0, obstacle: undefined };
/** Classes whose instances come back as what they were. */
const CLASSES = new Set(['Map', 'Set', 'Date', 'RegExp', 'ArrayBuffer']);
const ERRORS = new Set([
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** Size of a value, and whether the value codec can carry it. One walk; cycles are followed once. */
export function measure(value: unknown): Measure {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return SMALL;
    case 'string':
      return { bytes: 2 * value.length + 16, bufferBytes: 0, obstacle: undefined };
    case 'bigint':
      return { bytes: 16, bufferBytes: 0, obstacle: undefined };
    case 'symbol':
    case 'function':
      return { bytes: 64, bufferBytes: 0, obstacle: `a ${typeof value}` };
    case 'object':
      if (value === null) return SMALL;
      if (ArrayBuffer.isView(value)) {
        const { byteLength } = value;
        return { bytes: byteLength + 64, bufferBytes: byteLength, obstacle: undefined };
      }
  }
  return walk(value);
}

function walk(root: object): Measure {
  const seen = new Set<object>();
  const stack: unknown[] = [root];
  let bytes = 0;
  let bufferBytes = 0;
  let obstacle: string | undefined;
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null) {
      const part = measure(value);
      bytes += part.bytes;
      obstacle ??= part.obstacle;
      continue;
    }
    if (seen.has(value)) continue;
    seen.add(value);
    bytes += 32;
    if (Array.isArray(value)) for (const item of value) stack.push(item);
    else if (ArrayBuffer.isView(value)) bufferBytes += value.byteLength;
    else if (isThenable(value)) obstacle ??= 'a promise or future (await it first)';
    else {
      const kind = kindOf(value);
      obstacle ??= obstacleIn(value, kind);
      if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) bufferBytes += value.byteLength;
      else if (value instanceof Map) for (const [key, item] of value) stack.push(key, item);
      else if (value instanceof Set) for (const item of value) stack.push(item);
      else if (value instanceof Error) {
        bytes += 256;
        stack.push(value.cause);
      } else {
        for (const key of Object.keys(value)) {
          bytes += 2 * key.length;
          stack.push((value as Record<string, unknown>)[key]);
        }
      }
    }
  }
  return { bytes: bytes + bufferBytes, bufferBytes, obstacle };
}

/** Name of an object's class; empty for plain objects. */
function kindOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as {
    readonly constructor?: { readonly name?: string };
  } | null;
  if (prototype === null || prototype === Object.prototype) return '';
  return prototype.constructor?.name ?? 'a class';
}

function obstacleIn(value: object, kind: string): string | undefined {
  if (value instanceof Error) {
    if (!ERRORS.has(kind)) return `an instance of ${kind}`;
    return Object.keys(value).length > 0 ? 'an error with fields of its own' : undefined;
  }
  if (kind === 'SharedArrayBuffer') return 'a SharedArrayBuffer';
  if (kind !== '' && !CLASSES.has(kind)) return `an instance of ${kind}`;
  return Object.getOwnPropertySymbols(value).length > 0 ? 'a symbol' : undefined;
}
