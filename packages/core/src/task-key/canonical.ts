/**
 * A text that two equal values share and two different ones do not: what task keys hash.
 *
 * Structural: class instances count by the name of their class and their fields, functions by their source.
 * The order of fields does not matter in objects, does in Map and Set. Every part says its own kind and length,
 * so that no two values run together. It does not matter whether equal parts are one object or two: the text
 * of a part, if it is long, stands in what holds it as a digest, so that the work is linear in the objects of a
 * value, however often they are shared. Only where a value holds itself are its objects numbered in order, and
 * parts told by their numbers; there sharing counts.
 *
 * What cannot be told apart by what can be seen (functions, private state, accessors, symbols, memory that
 * others may change) has a text nevertheless, and the text says that it is not complete.
 */
import { classOf, type ValueClass } from '../plain-data/class-of.ts';
import { fieldOf, isDense, ownFields, sparseFields } from '../plain-data/own-fields.ts';
import { postOrder } from '../plain-data/walk.ts';

/** What the caller knows and this module does not. */
export interface CanonicalContext {
  /** Text that stands for a future, its task key; undefined for anything else that has a `then`. */
  readonly futureKey: (value: object) => string | undefined;
  /** Digest of bulk bytes as text. */
  readonly digestBytes: (bytes: Uint8Array) => string;
  /** Digest of a text as text, of one length. */
  readonly digestText: (text: string) => string;
  /** Text that stands for an object whose text is known; absent: none is. */
  readonly knownText?: ((value: object) => string | undefined) | undefined;
}

export interface CanonicalText {
  readonly text: string;
  /** Two values of this text are equal for certain. */
  readonly isComplete: boolean;
}

/** The canonical text of a value. */
export function canonicalText(value: unknown, context: CanonicalContext): CanonicalText {
  const writer = new CanonicalWriter(context);
  const text = writer.text(value);
  return { text, isComplete: writer.isComplete };
}

/** Texts of parts up to this length stand as they are. */
const LONGEST_PART = 256;
/** Objects that are looked at before texts are kept: small values need no table. */
const FREE_VISITS = 16;
/** Recursion ends here; deeper parts get their texts from the bottom up. */
const MAX_DEPTH = 100;
/** Stands in the table for an object whose text is being made. */
const OPEN = '';

/** Writes canonical texts, and keeps in mind whether all that it wrote was complete. */
export class CanonicalWriter {
  readonly #context: CanonicalContext;
  #texts: Map<object, string> | undefined;
  #visits = 0;
  #isCyclic = false;
  isComplete = true;

  constructor(context: CanonicalContext) {
    this.#context = context;
  }

  /** The text of one more value. */
  text(value: unknown): string {
    if (typeof value !== 'object' || value === null) return this.#scalar(value);
    this.#texts = undefined;
    this.#visits = 0;
    this.#isCyclic = false;
    const text = this.#object(value, 0);
    return this.#isCyclic ? this.#cyclic(value) : text;
  }

  #scalar(value: unknown): string {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? 'n-0' : `n${value}`;
      case 'string':
        return delimited('s', value);
      case 'boolean':
        return value ? 't' : 'f';
      case 'undefined':
        return 'u';
      case 'bigint':
        return `b${value}`;
      case 'function': {
        const future = this.#context.futureKey(value);
        if (future !== undefined) return `@${future}`;
        this.isComplete = false;
        return delimited('F', Function.prototype.toString.call(value));
      }
      case 'symbol':
        this.isComplete = false;
        return delimited('y', String(value));
      case 'object':
        return '0';
    }
  }

  #object(value: object, depth: number): string {
    const known = this.#texts?.get(value);
    if (known !== undefined) {
      if (known === OPEN) this.#isCyclic = true;
      return known;
    }
    // What holds itself gets its text elsewhere.
    if (this.#isCyclic) return OPEN;
    if (depth > MAX_DEPTH) this.#fromBelow(value);
    this.#visits += 1;
    if (this.#visits > FREE_VISITS) this.#texts ??= new Map();
    this.#texts?.set(value, OPEN);
    const long = this.#node(value, (part) =>
      typeof part === 'object' && part !== null ? this.#object(part, depth + 1) : this.#scalar(part),
    );
    const text = long.length > LONGEST_PART ? `H${this.#context.digestText(long)}` : long;
    this.#texts?.set(value, text);
    return text;
  }

  /** Makes the texts of all that a deep value holds, innermost first, so that nothing need be recursive. */
  #fromBelow(root: object): void {
    const inOrder = postOrder(
      root,
      (value, { kind }) => kind !== 'opaque' && this.#texts?.has(value) !== true,
    );
    if (inOrder === undefined) this.#isCyclic = true;
    // The last is the root itself. Each finds the texts of its parts made.
    else for (const value of inOrder.slice(0, -1)) this.#object(value, 0);
  }

  /** A value that holds itself: its objects numbered in the order in which they are met, and the text of each. */
  #cyclic(root: object): string {
    const numbers = new Map<object, number>([[root, 0]]);
    const parts: string[] = [];
    for (const value of numbers.keys()) {
      const text = this.#node(value, (part) => {
        if (typeof part !== 'object' || part === null) return this.#scalar(part);
        const number = numbers.get(part) ?? numbers.size;
        numbers.set(part, number);
        return `^${number}`;
      });
      parts.push(text);
    }
    return `Y${parts.length}:${this.#context.digestText(parts.join('\n'))}`;
  }

  /** The text of one object, with those of its parts given. */
  #node(value: object, inner: (part: unknown) => string): string {
    const known = this.#context.knownText?.(value);
    if (known !== undefined) return known;
    const valueClass = classOf(value);
    const name =
      valueClass.isDerived || valueClass.kind === 'instance' ? delimited('C', valueClass.name) : '';
    switch (valueClass.kind) {
      case 'record':
      case 'instance': {
        const names = ownFields(value);
        return names === undefined ? this.#opaque(value, valueClass) : name + fieldsText(value, names, inner);
      }
      case 'array':
        return Array.isArray(value) ? name + this.#array(value, valueClass, inner) : '';
      case 'view':
        return ArrayBuffer.isView(value) ? this.#view(value, valueClass) : '';
      case 'thenable':
        return this.#future(value);
      case 'map':
      case 'set':
        return name + this.#collection(value, valueClass, inner);
      case 'error':
        return delimited('E', valueClass.name) + errorText(value, inner);
      case 'date':
        return value instanceof Date ? `${name}D${value.getTime()}` : '';
      case 'pattern':
        return value instanceof RegExp ? `${name}${delimited('R', String(value))}` : '';
      case 'url':
        return value instanceof URL ? name + delimited('U', value.href) : '';
      case 'boxed':
        return `${name}X${this.#scalar(value.valueOf())}`;
      case 'buffer':
        return value instanceof ArrayBuffer ? name + this.#bytes('A', new Uint8Array(value)) : '';
      case 'shared-buffer':
        return value instanceof SharedArrayBuffer ? name + this.#bytes('A', new Uint8Array(value)) : '';
      case 'opaque':
        return this.#opaque(value, valueClass);
    }
  }

  #array(array: readonly unknown[], valueClass: ValueClass, inner: (part: unknown) => string): string {
    if (isDense(array)) {
      let text = `[${array.length}`;
      for (let i = 0; i < array.length; i += 1) text += `,${inner(array[i])}`;
      return `${text}]`;
    }
    const names = sparseFields(array);
    if (names === undefined) return this.#opaque(array, valueClass);
    return `[${array.length};${fieldsText(array, names, inner)}]`;
  }

  #collection(value: object, valueClass: ValueClass, inner: (part: unknown) => string): string {
    let text = '';
    if (value instanceof Map) {
      text = `M${value.size}`;
      for (const [key, part] of value) text += `,${inner(key)}=${inner(part)}`;
    } else if (value instanceof Set) {
      text = `S${value.size}`;
      for (const part of value) text += `,${inner(part)}`;
    }
    const names = ownFields(value);
    if (names === undefined) return this.#opaque(value, valueClass);
    return names.length === 0 ? `${text};` : `${text};${fieldsText(value, names, inner)}`;
  }

  #view(view: ArrayBufferView, { name }: ValueClass): string {
    return this.#bytes(delimited('V', name), new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  #bytes(tag: string, bytes: Uint8Array): string {
    // Who else has shared memory may change it at any time.
    if (!(bytes.buffer instanceof ArrayBuffer)) this.isComplete = false;
    return `${tag}${bytes.byteLength}:${this.#context.digestBytes(bytes)}`;
  }

  #future(value: object): string {
    const key = this.#context.futureKey(value);
    if (key !== undefined) return `@${key}`;
    this.isComplete = false;
    return 'P';
  }

  /** What can be seen of it at once: its class, and fields that are no objects. */
  #opaque(value: object, { name }: ValueClass): string {
    this.isComplete = false;
    const text = delimited('O', name);
    try {
      const isScalar = (field: string): boolean => {
        const part = fieldOf(value, field);
        return typeof part !== 'object' && typeof part !== 'function' && part !== undefined;
      };
      return text + fieldsText(value, Object.keys(value).filter(isScalar), (part) => this.#scalar(part));
    } catch {
      // A trap of a proxy that throws.
      return text;
    }
  }
}

function fieldsText(value: object, names: readonly string[], inner: (part: unknown) => string): string {
  let text = '{';
  for (const name of sorted(names)) text += `${delimited('', name)}=${inner(Reflect.get(value, name))},`;
  return `${text}}`;
}

function sorted(names: readonly string[]): readonly string[] {
  for (let i = 1; i < names.length; i += 1) {
    if ((names[i - 1] ?? '') > (names[i] ?? '')) return names.toSorted((a, b) => (a < b ? -1 : 1));
  }
  return names;
}

/** What an error says, except of where it was made. */
function errorText(error: object, inner: (part: unknown) => string): string {
  let text = '{';
  for (const name of new Set(['name', 'message', 'cause', 'errors', ...Object.keys(error)])) {
    const part = readField(error, name);
    if (part !== undefined) text += `${delimited('', name)}=${inner(part)},`;
  }
  return `${text}}`;
}

/** A getter, such as some errors have, may throw. */
function readField(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** A text that cannot run into what follows it. Digests see half surrogates as one and the same, so these are escaped. */
export function delimited(tag: string, text: string): string {
  if (text.isWellFormed()) return `${tag}${text.length}:${text}`;
  const escaped = JSON.stringify(text);
  return `${tag}w${escaped.length}:${escaped}`;
}
