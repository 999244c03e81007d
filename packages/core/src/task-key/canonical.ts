/**
 * A text that two equal values share and two different ones do not: what task keys hash.
 *
 * Structural: class instances count by the name of their class and their fields, functions by their source.
 * The order of fields does not matter in objects, does in Map and Set. Every part says its own kind and length,
 * so that no two values run together. It does not matter whether equal parts are one object or two: the text
 * of a part, if it is long, stands in what holds it as a digest, so that the work is linear in the objects of a
 * value, however often they are shared. Only where a value holds itself are its objects numbered in order, and
 * parts told by their numbers; there sharing counts. Long lists of numbers count by their bytes.
 *
 * What cannot be told apart by what can be seen (functions, private state, accessors, symbols, memory that
 * others may change) has a text nevertheless, and the text says that it is not complete.
 */
import { classOf, type ValueClass } from '../plain-data/class-of.ts';
import { fieldOf, isDense, ownFields, sparseFields } from '../plain-data/own-fields.ts';
import { postOrder } from '../plain-data/walk.ts';
import { bytesOfNumbers, isLongOfNumbers } from './number-lists.ts';
import { delimited, leafText, ofClass, scalarText } from './canonical-leaf.ts';

/** What the caller knows and this module does not. */
export interface CanonicalContext {
  /** Text that stands for a future, its task key; undefined for anything else that has a `then`. */
  readonly futureKey: (value: object) => string | undefined;
  /** Digest of bulk bytes as text. */
  readonly digestBytes: (bytes: Uint8Array) => string;
  /** Digest of a text as text, of one length. */
  readonly digestText: (text: string) => string;
  /** The text of an object whose text is known; absent: none is. */
  readonly knownText?: ((value: object) => CanonicalText | undefined) | undefined;
  /** What is written is a copy in which fields are known to be plain and lists to be dense: neither is asked. */
  readonly isCopy?: boolean | undefined;
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

/** The canonical text of a call's inputs, one after the other. */
export function canonicalInputs(inputs: readonly unknown[], context: CanonicalContext): CanonicalText {
  if (inputs.length === 0) return NO_INPUTS;
  let writer: CanonicalWriter | undefined;
  let text = '';
  for (let i = 0; i < inputs.length; i += 1) {
    const input = inputs[i];
    const isObject = typeof input === 'object' && input !== null;
    const scalar = isObject ? undefined : scalarText(input);
    text += `${scalar ?? (writer ??= new CanonicalWriter(context)).text(input)}\n`;
  }
  return { text, isComplete: writer?.isComplete ?? true };
}

const NO_INPUTS: CanonicalText = { text: '', isComplete: true };

/** Texts of parts up to this length stand as they are. */
const LONGEST_PART = 256;
/** Objects that are looked at before texts are kept: small values need no table. */
const FREE_VISITS = 16;
/** Recursion ends here; deeper parts get their texts from the bottom up. */
const MAX_DEPTH = 100;
/** Stands in the table for an object whose text is being made. */
const OPEN = '';

/** Writes canonical texts, and keeps in mind whether all that it wrote was complete. */
class CanonicalWriter {
  readonly #context: CanonicalContext;
  #texts: Map<object, string> | undefined;
  #visits = 0;
  #isCyclic = false;
  /** Of a value that holds itself: its objects, numbered in the order in which they are met. */
  #numbers: Map<object, number> | undefined;
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
    const text = scalarText(value);
    if (text !== undefined) return text;
    const future = typeof value === 'function' ? this.#context.futureKey(value) : undefined;
    if (future !== undefined) return `@${future}`;
    this.isComplete = false;
    return typeof value === 'function'
      ? delimited('F', Function.prototype.toString.call(value))
      : delimited('y', String(value));
  }

  #part(part: unknown, depth: number): string {
    if (typeof part !== 'object' || part === null) return this.#scalar(part);
    if (this.#numbers === undefined) return this.#object(part, depth + 1);
    const number = this.#numbers.get(part) ?? this.#numbers.size;
    this.#numbers.set(part, number);
    return `^${number}`;
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
    const long = this.#node(value, depth);
    const text = long.length > LONGEST_PART ? `H${this.#context.digestText(long)}` : long;
    this.#texts?.set(value, text);
    return text;
  }

  /** Makes the texts of all that a deep value holds, innermost first, so that nothing need be recursive. */
  #fromBelow(root: object): void {
    const parts = postOrder(root, (value, { kind }) => kind !== 'opaque' && this.#texts?.has(value) !== true);
    if (parts === undefined) this.#isCyclic = true;
    // The last is the root itself. Each finds the texts of its parts made.
    else for (const value of parts.slice(0, -1)) this.#object(value, 0);
  }

  #cyclic(root: object): string {
    const numbers = new Map<object, number>([[root, 0]]);
    const texts: string[] = [];
    this.#numbers = numbers;
    // It grows on the way, as parts are met.
    for (const value of numbers.keys()) texts.push(this.#node(value, 0));
    this.#numbers = undefined;
    return `Y${texts.length}:${this.#context.digestText(texts.join('\n'))}`;
  }

  /** The text of one object, from those of its parts. */
  #node(value: object, depth: number): string {
    const known = this.#context.knownText?.(value);
    if (known !== undefined) return this.#known(known);
    const valueClass = classOf(value);
    switch (valueClass.kind) {
      case 'record':
      case 'instance': {
        const names = this.#context.isCopy === true ? Object.keys(value) : ownFields(value);
        if (names === undefined) return this.#opaque(value, valueClass);
        return ofClass(valueClass) + this.#fields(value, names, depth);
      }
      case 'array':
        return Array.isArray(value) ? ofClass(valueClass) + this.#array(value, valueClass, depth) : '';
      case 'map':
      case 'set':
        return ofClass(valueClass) + this.#collection(value, valueClass, depth);
      case 'error':
        return delimited('E', valueClass.name) + this.#error(value, depth);
      case 'view':
        return ArrayBuffer.isView(value) ? this.#view(value, valueClass) : '';
      case 'thenable':
        return this.#future(value);
      case 'date':
      case 'pattern':
      case 'url':
      case 'boxed':
        return ofClass(valueClass) + leafText(value);
      case 'buffer':
        return value instanceof ArrayBuffer
          ? ofClass(valueClass) + this.#bytes('A', new Uint8Array(value))
          : '';
      case 'shared-buffer':
        return value instanceof SharedArrayBuffer ? this.#bytes('A', new Uint8Array(value)) : '';
      case 'opaque':
        return this.#opaque(value, valueClass);
    }
  }

  #known({ text, isComplete }: CanonicalText): string {
    this.isComplete &&= isComplete;
    return text;
  }

  #fields(value: object, names: readonly string[], depth: number): string {
    let text = '{';
    const sorted = inOrder(names);
    for (let i = 0; i < sorted.length; i += 1) {
      const name = sorted[i] ?? '';
      text += `${delimited('', name)}=${this.#part(Reflect.get(value, name), depth)},`;
    }
    return `${text}}`;
  }

  #array(array: readonly unknown[], valueClass: ValueClass, depth: number): string {
    if (this.#context.isCopy === true || isDense(array)) {
      if (isLongOfNumbers(array)) return this.#bytes('[#', bytesOfNumbers(array));
      let text = `[${array.length}`;
      for (let i = 0; i < array.length; i += 1) text += `,${this.#part(array[i], depth)}`;
      return `${text}]`;
    }
    const names = sparseFields(array);
    if (names === undefined) return this.#opaque(array, valueClass);
    return `[${array.length};${this.#fields(array, names, depth)}]`;
  }

  #collection(value: object, valueClass: ValueClass, depth: number): string {
    let text = '';
    if (value instanceof Map) {
      text = `M${value.size}`;
      for (const [key, part] of value) text += `,${this.#part(key, depth)}=${this.#part(part, depth)}`;
    } else if (value instanceof Set) {
      text = `S${value.size}`;
      for (const part of value) text += `,${this.#part(part, depth)}`;
    }
    const names = ownFields(value);
    if (names === undefined) return this.#opaque(value, valueClass);
    return names.length === 0 ? `${text};` : `${text};${this.#fields(value, names, depth)}`;
  }

  /** What an error says, except of where it was made. */
  #error(error: object, depth: number): string {
    let text = '{';
    for (const name of new Set(['name', 'message', 'cause', 'errors', ...Object.keys(error)])) {
      const part = readField(error, name);
      if (part !== undefined) text += `${delimited('', name)}=${this.#part(part, depth)},`;
    }
    return `${text}}`;
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
      return (
        text +
        this.#fields(
          value,
          Object.keys(value).filter((field) => isScalarField(value, field)),
          0,
        )
      );
    } catch {
      // A trap of a proxy that throws.
      return text;
    }
  }
}

function isScalarField(value: object, name: string): boolean {
  const part = fieldOf(value, name);
  return typeof part !== 'object' && typeof part !== 'function' && part !== undefined;
}

function inOrder(names: readonly string[]): readonly string[] {
  for (let i = 1; i < names.length; i += 1) {
    if ((names[i - 1] ?? '') > (names[i] ?? '')) return names.toSorted((a, b) => (a < b ? -1 : 1));
  }
  return names;
}

/** A getter, such as some errors have, may throw. */
function readField(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}
