import { isMarkedAsUntransferable } from 'node:worker_threads';
import { classOf, fieldOf, ownFields, sparseFields, type ValueClass } from '@sidereal/core';
import { isScalar } from '../../data/copier.ts';
import { isOpaquePart } from '../../data/obstacles.ts';
import { needsPacking } from '../../data/packed-object.ts';

/** What must be known of a value before it travels. */
export interface ValueContents {
  /** It holds what a structured clone would not carry whole. */
  readonly needsPacking: boolean;
  /** It is, or holds, what hides state or is code: it cannot travel. Futures and errors do not count. */
  readonly isOpaque: boolean;
  /** Futures stand in it, or may stand in an error of it. */
  readonly mayHoldFutures: boolean;
  /** Memory that can be handed over instead of copied, as far as the value itself tells. */
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Memory below this is copied: that costs no more than handing it over, and a small table at module level that
 * a task returns stays where it is.
 */
const SMALLEST_TRANSFER_BYTES = 64 * 1024;

const PLAIN: ValueContents = { needsPacking: false, isOpaque: false, mayHoldFutures: false, buffers: [] };

/** Lists longer than this are not asked for fields beside their items: that costs more than all the rest. */
const LONGEST_ODD_LIST = 64;

/**
 * Looks through a value, once: what each object is, and what it holds, is said by the classification that copies and
 * keys go by. Every argument and result on its way to another thread passes here: hence the loop, the lists that are
 * read by index, and nothing that is asked twice.
 */
export function contentsOf(value: unknown): ValueContents {
  if (typeof value === 'function' || typeof value === 'symbol') return looked(value);
  if (typeof value !== 'object' || value === null) return PLAIN;
  return Array.isArray(value) && isFlat(value) ? PLAIN : looked(value);
}

/** A short list of nothing but numbers, texts and the like, as most arguments are. */
function isFlat(list: readonly unknown[]): boolean {
  if (list.length > LONGEST_ODD_LIST || classOf(list).isDerived) return false;
  for (const part of list) if (!isScalar(part) || typeof part === 'symbol') return false;
  return Object.keys(list).length === list.length;
}

function looked(value: unknown): ValueContents {
  const walk = new ContentsWalk();
  walk.all(value);
  return walk;
}

class ContentsWalk implements ValueContents {
  needsPacking = false;
  isOpaque = false;
  mayHoldFutures = false;
  readonly #objects = new Set<object>();
  /** Buffers, and whether every view of them covers them whole. */
  #buffers: Map<ArrayBuffer, boolean> | undefined;

  get buffers(): readonly ArrayBuffer[] {
    return this.#buffers === undefined ? PLAIN.buffers : [...this.#buffers].filter(isHandable).map(bufferOf);
  }

  all(root: unknown): void {
    this.#part(root);
    // A set is iterated in order of insertion, objects added on the way included.
    for (const object of this.#objects) this.#look(object, classOf(object));
  }

  #part(part: unknown): void {
    if (typeof part === 'object') {
      if (part !== null) this.#objects.add(part);
    } else if (typeof part === 'function' && 'then' in part) this.mayHoldFutures = true;
    else if (typeof part === 'function' || typeof part === 'symbol') this.isOpaque = true;
  }

  #look(object: object, valueClass: ValueClass): void {
    const { kind, isDerived } = valueClass;
    switch (kind) {
      case 'array':
        this.needsPacking ||= isDerived;
        return this.#list(object);
      case 'record':
      case 'instance':
      case 'map':
      case 'set':
        this.needsPacking ||= needsPacking(object, valueClass);
        return this.#holder(object);
      case 'thenable':
        this.mayHoldFutures = true;
        return;
      case 'error':
        // It arrives as what it says; what of it cannot is left behind.
        this.needsPacking = true;
        this.mayHoldFutures = true;
        return;
      case 'shared-buffer':
        return;
      case 'view':
        if (ArrayBuffer.isView(object) && object.buffer instanceof SharedArrayBuffer) return;
        break;
      default:
    }
    this.needsPacking ||= needsPacking(object, valueClass);
    this.isOpaque ||= isOpaquePart(object);
    if (object instanceof ArrayBuffer) this.#note(object, true);
    else if (ArrayBuffer.isView(object) && object.buffer instanceof ArrayBuffer)
      this.#note(object.buffer, object.byteLength === object.buffer.byteLength);
    else if (kind === 'opaque') this.#fields(object, namesOf(object));
  }

  #list(list: object): void {
    if (!Array.isArray(list)) return;
    for (let i = 0; i < list.length; i += 1) {
      const part: unknown = list[i];
      if (typeof part !== 'number') this.#part(part);
    }
    if (list.length > LONGEST_ODD_LIST) return;
    const names = Object.keys(list);
    if (names.length !== list.length) this.#fields(list, sparseFields(list));
  }

  #holder(holder: object): void {
    if (holder instanceof Map) {
      for (const [key, part] of holder) {
        this.#part(key);
        this.#part(part);
      }
    } else if (holder instanceof Set) for (const part of holder) this.#part(part);
    this.#fields(holder, ownFields(holder));
  }

  /** No names: there is more to it than can be seen. Its fields are looked at for futures. */
  #fields(holder: object, names: readonly string[] | undefined): void {
    this.isOpaque ||= names === undefined;
    const known = names ?? namesOf(holder);
    for (let i = 0; i < known.length; i += 1) {
      const name = known[i] ?? '';
      const part: unknown = names === undefined ? fieldOf(holder, name) : Reflect.get(holder, name);
      this.#part(part);
    }
  }

  #note(buffer: ArrayBuffer, isWhole: boolean): void {
    this.#buffers ??= new Map();
    this.#buffers.set(buffer, isWhole && (this.#buffers.get(buffer) ?? true));
  }
}

/** A proxy's traps may throw. */
function namesOf(object: object): readonly string[] {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

function isHandable([buffer, isWhole]: readonly [ArrayBuffer, boolean]): boolean {
  return (
    isWhole &&
    buffer.byteLength >= SMALLEST_TRANSFER_BYTES &&
    !buffer.resizable &&
    !isMarkedAsUntransferable(buffer)
  );
}

function bufferOf([buffer]: readonly [ArrayBuffer, boolean]): ArrayBuffer {
  return buffer;
}
