/**
 * A text that two equal values share and two different ones do not: what task keys hash. Structural, like
 * structured clone: class instances count by constructor name and own enumerable fields, or by what their
 * `toJSON` gives if they have no such fields; functions by their source. The order of keys does not matter in
 * objects, does in Map and Set. Every part says its own kind and length, so that no two values run together.
 */
import { SiderealError } from '../errors.ts';

/** What the caller knows and this module does not. */
export interface CanonicalContext {
  /** Text that stands for a future: its task key; undefined for any other value. */
  readonly futureKey: (value: object) => string | undefined;
  /** Digest of bulk bytes as text. */
  readonly digestBytes: (bytes: Uint8Array) => string;
}

const MAX_DEPTH = 64;

/**
 * The canonical text of a value. Throws `UNKEYABLE_ARGUMENT` for cycles and for what has no identity that can be
 * seen: symbols, weak collections, instances whose state is all private.
 */
export function canonicalText(value: unknown, context: CanonicalContext, depth = 0): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? 'n-0' : `n${value}`;
    case 'string':
      return lengthed('s', value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'bigint':
      return `b${value}`;
    case 'function': {
      const future = context.futureKey(value);
      if (future !== undefined) return `@${future}`;
      return lengthed('F', Function.prototype.toString.call(value));
    }
    case 'symbol':
      throw unkeyable('a symbol');
    case 'object':
      return value === null ? '0' : objectText(value, context, depth);
  }
}

function objectText(value: object, context: CanonicalContext, depth: number): string {
  const future = context.futureKey(value);
  if (future !== undefined) return `@${future}`;
  if (depth > MAX_DEPTH) throw unkeyable(`a value nested deeper than ${MAX_DEPTH} (or a cycle)`);
  const inner = (item: unknown): string => canonicalText(item, context, depth + 1);
  if (Array.isArray(value)) {
    let text = `[${value.length}`;
    for (const item of value) text += `,${inner(item)}`;
    return `${text}]`;
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${lengthed('V', className(value))}${value.byteLength}:${context.digestBytes(bytes)}`;
  }
  if (value instanceof ArrayBuffer || isShared(value)) {
    return `A${value.byteLength}:${context.digestBytes(new Uint8Array(value))}`;
  }
  if (value instanceof Date) return `D${value.getTime()}`;
  if (value instanceof RegExp) return lengthed('R', String(value));
  if (value instanceof Map) {
    let text = `M${value.size}`;
    for (const [key, item] of value) text += `,${inner(key)}=${inner(item)}`;
    return `${text};`;
  }
  if (value instanceof Set) {
    let text = `S${value.size}`;
    for (const item of value) text += `,${inner(item)}`;
    return `${text};`;
  }
  if (value instanceof URL) return lengthed('U', value.href);
  return recordText(value, inner);
}

function recordText(value: object, inner: (item: unknown) => string): string {
  const fields = value instanceof Error ? errorFields(value) : Object.entries(value);
  let text = '{';
  if (!isPlain(value)) {
    if (isBoxed(value)) return `X${inner(value.valueOf())}`;
    const name = className(value);
    if (fields.length === 0) return `${lengthed('J', name)}${inner(ownJson(value, name))}`;
    text = `${lengthed('C', name)}{`;
  }
  fields.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [key, item] of fields) text += `${lengthed('', key)}=${inner(item)},`;
  return `${text}}`;
}

/** What an instance without visible fields says of itself. */
function ownJson(value: object, name: string): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return Reflect.apply(value.toJSON, value, []);
  throw unkeyable(`a ${name || 'value'}, whose state cannot be seen,`);
}

function errorFields(error: Error): [string, unknown][] {
  return [['name', error.name], ['message', error.message], ...Object.entries(error)];
}

/** A text that cannot run into what follows it. Digests see half surrogates as one and the same, so these are escaped. */
function lengthed(tag: string, text: string): string {
  if (text.isWellFormed()) return `${tag}${text.length}:${text}`;
  const escaped = JSON.stringify(text);
  return `${tag}w${escaped.length}:${escaped}`;
}

/** Object literals and objects without a prototype, of whichever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Name of the class that made it, also if a field of its own is called `constructor`. */
function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || !('constructor' in prototype)) return '';
  return typeof prototype.constructor === 'function' ? prototype.constructor.name : '';
}

function isBoxed(value: object): boolean {
  return BOXED.has(Object.prototype.toString.call(value));
}

const BOXED: ReadonlySet<string> = new Set(
  ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'].map((name) => `[object ${name}]`),
);

function isShared(value: object): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer;
}

function unkeyable(what: string): SiderealError {
  return new SiderealError('UNKEYABLE_ARGUMENT', `${what} cannot be part of a task key`, {
    remedy:
      "Pass plain data, give its class a toJSON(), or say what identifies the call: task.with({ key: '…' })(…).",
  });
}
