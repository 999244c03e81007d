import { ownFields, walkValue, type ValueClass } from '@sidereal/core';

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
/** Errors that come back as what they were. */
const ERRORS = new Set([
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** Size of a value, and whether the value codec can carry it. One walk; what is shared counts once. */
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
  return measureObject(value);
}

function measureObject(root: object): Measure {
  let bytes = 0;
  let bufferBytes = 0;
  let obstacle: string | undefined;
  walkValue(root, {
    object: (value, valueClass) => {
      bytes += 32 + extraBytes(value, valueClass);
      bufferBytes += bufferBytesOf(value);
      obstacle ??= obstacleIn(value, valueClass);
      return valueClass.kind !== 'thenable';
    },
    scalar: (value) => {
      const part = measure(value);
      bytes += part.bytes;
      obstacle ??= part.obstacle;
    },
  });
  return { bytes: bytes + bufferBytes, bufferBytes, obstacle };
}

function bufferBytesOf(value: object): number {
  const isMemory =
    ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
  return isMemory ? value.byteLength : 0;
}

/** What an object takes beside its parts: names of fields, an error's stack. */
function extraBytes(value: object, { kind }: ValueClass): number {
  if (kind === 'error') return 256;
  if (kind !== 'record' && kind !== 'instance') return 0;
  let bytes = 0;
  for (const name of Object.getOwnPropertyNames(value)) bytes += 2 * name.length;
  return bytes;
}

function obstacleIn(value: object, { kind, name, isDerived }: ValueClass): string | undefined {
  switch (kind) {
    case 'array':
    case 'map':
    case 'set':
    case 'date':
    case 'pattern':
    case 'buffer':
      return isDerived ? instanceOf(name) : undefined;
    case 'view':
      return undefined;
    case 'record':
      return ownFields(value) === undefined ? hiddenIn(value) : undefined;
    case 'error':
      if (!ERRORS.has(name)) return instanceOf(name);
      return Object.keys(value).length > 0 ? 'an error with fields of its own' : undefined;
    case 'thenable':
      return 'a promise or future (await it first)';
    case 'shared-buffer':
      return 'a SharedArrayBuffer';
    case 'instance':
    case 'url':
    case 'boxed':
    case 'opaque':
      return instanceOf(name);
  }
}

function instanceOf(name: string): string {
  return `an instance of ${name === '' ? 'a class' : name}`;
}

function hiddenIn(value: object): string {
  return Object.getOwnPropertySymbols(value).length > 0 ? 'a symbol' : 'a getter or hidden field';
}
