/**
 * Copies values: plain data as a value of its own, futures and what cannot be copied as they are.
 *
 * Faster than `structuredClone` for the small values that most calls are given, and it keeps what that loses:
 * the prototype of instances that are nothing but their fields, URLs, Buffers, the code and fields of errors.
 * Nothing is recursive: an object's copy is made when the object is first met, flat, and its parts are copied
 * from a queue. So shared parts stay shared, cycles stay cycles, and any depth is fine.
 *
 * Errors become errors of Node's own kinds, as on threads. A view of a part of a buffer gets memory of its own.
 * Hot path: it mutates its own counters and lists; `packages/engine/bench/copy.ts` has the numbers.
 */
import { classOf, isDense, ownFields, sparseFields, type ValueClass } from '@sidereal/core';
import { bareError, errorFields, errorKind } from './bare-error.ts';
import { copyLeaf, dressed } from './copy-leaf.ts';
import type { CopyRules, Translation } from './copy-rules.ts';
import { CopyTable } from './copy-table.ts';
import { defineField, setField } from './define-field.ts';
import { copyView } from './copy-memory.ts';

/** A copy under way whose parts are still those of the original. */
interface Unfilled {
  readonly source: object;
  readonly copy: object;
  readonly kind: 'fields' | 'map' | 'set' | 'error';
  readonly names: readonly string[];
  /** A future among its parts is hidden: a class, or an error, holds it at some remove. */
  readonly isHiding: boolean;
}

const NONE: readonly string[] = [];
/** Errors within fields of errors that are followed. */
const MAX_ERRORS_DEEP = 64;

export class Copier {
  readonly #rules: CopyRules;
  readonly #maxBytes: number;
  readonly #errorsDeep: number;
  readonly #copies: CopyTable;
  /** Of `bytes`, those of texts: they are not copied, and the limit is not about them. */
  #textBytes = 0;
  #queue: Unfilled[] | undefined;
  #translations: Translation[] | undefined;
  /** Memory that the copies take, about; that of buffers exactly. */
  bytes = 0;
  /** Something was passed as it is: it hides state, or is code. */
  isOpaque = false;
  /** Memory that is shared on purpose was passed as it is. */
  hasSharedMemory = false;
  /** Something is there that V8's own format does not give back as it was, or as memory of its own. */
  isSpecial = false;
  /** A list with holes, or with fields beside its items, was copied. */
  hasOddList = false;
  /** A future stands where futures are not looked for: in a class field, or in an error. */
  hasHidden = false;
  /** The limit was passed; what was copied so far is of no use. */
  isTooLarge = false;
  /** Futures and promises, in order, each once for every place where it stands. */
  thenables: object[] | undefined;

  constructor(rules: CopyRules = {}, within?: { readonly copies: CopyTable; readonly errorsDeep: number }) {
    this.#rules = rules;
    this.#maxBytes = rules.maxBytes ?? Infinity;
    this.#errorsDeep = within?.errorsDeep ?? 0;
    this.#copies = within?.copies ?? new CopyTable();
  }

  /** The copy of a value; of several values, parts that they share stay shared. */
  copy(value: unknown): unknown {
    const copy = this.#part(value, false);
    this.#fillAll();
    if (this.#exceeds(0)) this.isTooLarge = true;
    return copy;
  }

  /** Copies of several values, of a list that is the caller's own. */
  copyAll(values: readonly unknown[]): unknown[] {
    const copies: unknown[] = [];
    for (let i = 0; i < values.length; i += 1) copies.push(this.#part(values[i], false));
    this.#fillAll();
    if (this.#exceeds(0)) this.isTooLarge = true;
    return copies;
  }

  #part(value: unknown, isHiding: boolean): unknown {
    return typeof value === 'object' && value !== null
      ? this.#object(value, isHiding)
      : this.#scalar(value, isHiding);
  }

  #scalar(value: unknown, isHiding = false): unknown {
    switch (typeof value) {
      case 'string':
        this.bytes += 2 * value.length + 16;
        this.#textBytes += 2 * value.length;
        return value;
      case 'bigint':
        this.bytes += 16;
        return value;
      case 'function':
        if ('then' in value && typeof value.then === 'function') return this.#thenable(value, isHiding);
        this.isOpaque = true;
        return value;
      case 'symbol':
        this.isOpaque = true;
        return value;
      default:
        this.bytes += 8;
        return value;
    }
  }

  #object(value: object, isHiding: boolean): unknown {
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (this.#rules.isShared?.(value) === true) return value;
    this.bytes += 32;
    if (this.#exceeds(0)) {
      this.isTooLarge = true;
      return value;
    }
    const valueClass = classOf(value);
    if (valueClass.isDerived) this.isSpecial = true;
    const translation = this.#rules.translate?.(value, valueClass);
    if (translation !== undefined) return this.#translated(value, translation);
    switch (valueClass.kind) {
      case 'record':
        return this.#fields(value, ownFields(value), isHiding);
      case 'instance':
        return this.#fields(value, ownFields(value), true);
      case 'array':
        return Array.isArray(value) ? this.#array(value, valueClass, isHiding) : value;
      case 'thenable':
        return this.#thenable(value, isHiding);
      case 'map':
        return this.#collection(value, valueClass, isHiding, new Map());
      case 'set':
        return this.#collection(value, valueClass, isHiding, new Set());
      case 'error':
        return this.#error(value, valueClass);
      case 'url':
      case 'date':
      case 'pattern':
      case 'boxed':
      case 'buffer':
        return this.#leaf(value, valueClass);
      case 'view':
        return ArrayBuffer.isView(value) ? this.#view(value) : value;
      case 'shared-buffer':
        this.hasSharedMemory = true;
        return value;
      case 'opaque':
        return this.#opaque(value);
    }
  }

  #exceeds(moreBytes: number): boolean {
    return this.bytes - this.#textBytes + moreBytes > this.#maxBytes;
  }

  #translated(value: object, translation: Translation): object {
    this.#copies.set(value, translation.copy);
    (this.#translations ??= []).push(translation);
    return translation.copy;
  }

  #opaque(value: object): object {
    this.isOpaque = true;
    return value;
  }

  #thenable(value: object, isHiding: boolean): unknown {
    if (isHiding) {
      this.hasHidden = true;
      return this.#opaque(value);
    }
    (this.thenables ??= []).push(value);
    return this.#rules.replace === undefined ? value : this.#rules.replace(value);
  }

  #fields(value: object, names: readonly string[] | undefined, isHiding: boolean): object {
    if (names === undefined) return this.#opaque(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    let copy: object;
    try {
      if (prototype === Object.prototype) copy = { ...value };
      else {
        this.isSpecial = true;
        copy = { __proto__: prototype, ...value };
      }
    } catch {
      // A trap of a proxy that throws.
      return this.#opaque(value);
    }
    this.bytes += 16 * names.length;
    return this.#flat(value, copy, names, isHiding);
  }

  /** A flat copy; it is filled later if any of its parts must be copied in turn. */
  #flat(source: object, copy: object, names: readonly string[], isHiding: boolean): object {
    let isFlat = true;
    for (let i = 0; i < names.length; i += 1) {
      const part: unknown = Reflect.get(copy, names[i] ?? '');
      if (isScalar(part)) this.#scalar(part);
      else isFlat = false;
    }
    this.#copies.set(source, copy);
    if (!isFlat) this.#later({ source, copy, kind: 'fields', names, isHiding });
    return copy;
  }

  #array(array: readonly unknown[], valueClass: ValueClass, isHiding: boolean): unknown {
    if (this.#exceeds(8 * array.length) && array.length > 0) {
      // A sparse one may be small for all its length.
      this.isTooLarge = isDense(array);
      if (this.isTooLarge) return array;
    }
    if (valueClass.isDerived || !isDense(array)) return this.#sparse(array, valueClass, isHiding);
    const copy = array.slice();
    let isFlat = true;
    let numbers = 0;
    for (let i = 0; i < copy.length; i += 1) {
      const part = copy[i];
      if (typeof part === 'number') numbers += 1;
      else if (isScalar(part)) this.#scalar(part);
      else isFlat = false;
    }
    this.bytes += 8 * numbers;
    this.#copies.set(array, copy);
    if (!isFlat) this.#later({ source: array, copy, kind: 'fields', names: NONE, isHiding });
    return copy;
  }

  #sparse(array: readonly unknown[], valueClass: ValueClass, isHiding: boolean): object {
    this.hasOddList = true;
    const names = sparseFields(array);
    if (names === undefined) return this.#opaque(array);
    const copy: unknown[] = [];
    copy.length = array.length;
    for (const name of names) setField(copy, name, Reflect.get(array, name));
    this.bytes += 16 * names.length;
    return this.#flat(array, dressed(array, valueClass, copy), names, isHiding);
  }

  #collection(source: object, valueClass: ValueClass, isHiding: boolean, copy: object): object {
    const names = ownFields(source);
    if (names === undefined) return this.#opaque(source);
    this.bytes += 16 * sizeOf(source);
    this.#copies.set(source, dressed(source, valueClass, copy));
    this.#later({
      source,
      copy,
      kind: copy instanceof Map ? 'map' : 'set',
      names,
      isHiding,
    });
    return copy;
  }

  #error(error: object, valueClass: ValueClass): object {
    this.isSpecial = true;
    this.bytes += 256;
    const copy = bareError(errorKind(error, valueClass.name), error);
    this.#copies.set(error, copy);
    this.#later({ source: error, copy, kind: 'error', names: NONE, isHiding: true });
    return copy;
  }

  #leaf(value: object, valueClass: ValueClass): object {
    if (valueClass.kind === 'url') this.isSpecial = true;
    const bytes = value instanceof ArrayBuffer ? value.byteLength : 0;
    return this.#memory(value, copyLeaf(value, valueClass), bytes);
  }

  #memory(value: object, copy: object | undefined, bytes: number): object {
    // Memory that was given away, or something that was given fields, cannot be copied.
    if (copy === undefined) return this.#opaque(value);
    this.bytes += bytes;
    this.#copies.set(value, copy);
    return copy;
  }

  #view(view: ArrayBufferView): unknown {
    if (!(view.buffer instanceof ArrayBuffer)) {
      this.hasSharedMemory = true;
      return view;
    }
    const taken = this.#rules.takeView?.(view);
    if (taken !== undefined) return taken;
    if (this.#exceeds(view.byteLength)) {
      this.isTooLarge = true;
      return view;
    }
    this.isSpecial = true;
    const isWhole = view.byteLength === view.buffer.byteLength;
    const buffer = isWhole ? this.#object(view.buffer, false) : undefined;
    // Memory that was given away is passed as it is, and so is its view.
    if (buffer === view.buffer) return this.#opaque(view);
    const copy = copyView(view, buffer instanceof ArrayBuffer ? buffer : undefined);
    return this.#memory(view, copy, isWhole ? 32 : view.byteLength + 32);
  }

  #later(unfilled: Unfilled): void {
    (this.#queue ??= []).push(unfilled);
  }

  #fillAll(): void {
    // Filling adds to both lists.
    while (this.#queue !== undefined || this.#translations !== undefined) {
      const queue = this.#queue ?? [];
      for (let i = 0; i < queue.length && !this.isTooLarge; i += 1) {
        const unfilled = queue[i];
        if (unfilled !== undefined) this.#fill(unfilled);
      }
      this.#queue = undefined;
      const translations = this.#translations ?? [];
      this.#translations = undefined;
      for (const { fill } of translations) fill((part) => this.#part(part, false));
    }
  }

  #fill({ source, copy, kind, names, isHiding }: Unfilled): void {
    if (Array.isArray(copy) && names.length === 0) return this.#fillItems(copy, isHiding);
    if (kind === 'map' && source instanceof Map && copy instanceof Map) {
      for (const [key, part] of source) copy.set(this.#part(key, isHiding), this.#part(part, isHiding));
    } else if (kind === 'set' && source instanceof Set && copy instanceof Set) {
      for (const part of source) copy.add(this.#part(part, isHiding));
    } else if (kind === 'error') return this.#fillError(source, copy);
    // A flat copy holds the original's parts: nothing is read twice.
    const from = kind === 'fields' ? copy : source;
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i] ?? '';
      const part: unknown = Reflect.get(from, name);
      if (kind === 'fields' && isScalar(part)) continue;
      setField(copy, name, this.#part(part, isHiding));
    }
  }

  #fillItems(copy: unknown[], isHiding: boolean): void {
    for (let i = 0; i < copy.length; i += 1) {
      const part = copy[i];
      if (!isScalar(part)) copy[i] = this.#part(part, isHiding);
    }
  }

  /** Causes and grouped errors are copied like any part, however deep; what cannot be copied is left out. */
  #fillError(error: object, copy: object): void {
    for (const { name, value, isEnumerable } of errorFields(error)) {
      if (isError(value)) defineField(copy, name, this.#part(value, true), isEnumerable);
      else if (name === 'errors' && Array.isArray(value)) {
        const grouped = value.map((one: unknown) =>
          isError(one) ? { copy: this.#part(one, true) } : this.#partOfError(one),
        );
        defineField(
          copy,
          name,
          grouped.flatMap((one) => (one === undefined ? [] : [one.copy])),
          isEnumerable,
        );
      } else {
        const part = this.#partOfError(value);
        if (part !== undefined) defineField(copy, name, part.copy, isEnumerable);
      }
    }
  }

  #partOfError(value: unknown): { readonly copy: unknown } | undefined {
    if (this.#errorsDeep === MAX_ERRORS_DEEP) return undefined;
    const inner = new Copier(
      { ...this.#rules, replace: undefined },
      { copies: this.#copies, errorsDeep: this.#errorsDeep + 1 },
    );
    const copy = inner.copy(value);
    this.bytes += inner.bytes;
    this.hasHidden ||= inner.hasHidden || inner.thenables !== undefined;
    this.hasSharedMemory ||= inner.hasSharedMemory;
    this.hasOddList ||= inner.hasOddList;
    this.isTooLarge ||= inner.isTooLarge;
    // A future stays where it is hidden, for the message that says so.
    const isLeftOut = inner.isOpaque && !inner.hasHidden;
    return isLeftOut ? undefined : { copy };
  }
}

/** Is it neither an object nor a function? (A symbol is neither, but cannot be copied.) */
export function isScalar(
  value: unknown,
): value is null | undefined | boolean | number | bigint | string | symbol {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

function isError(value: unknown): value is object {
  return typeof value === 'object' && value !== null && classOf(value).kind === 'error';
}

function sizeOf(collection: object): number {
  return collection instanceof Map || collection instanceof Set ? collection.size : 0;
}
