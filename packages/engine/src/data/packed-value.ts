/**
 * Values on their way between threads. A structured clone loses what a copy keeps: the code and fields of
 * errors, the class of instances, URLs, Buffers, objects without a prototype. Each of these travels as a record
 * under a mark, and is put together again on arrival; everything else is left to the clone.
 */
import { classOf, type ValueClass } from '@sidereal/core';
import { bareError, errorFields, errorKind, textOf, type ErrorField } from './bare-error.ts';
import { Copier, isScalar } from './copier.ts';
import type { Translation } from './copy-rules.ts';
import { defineField } from './define-field.ts';
import { findFutures } from './futures-in-values.ts';
import { findUntransferable } from './obstacles.ts';

/** Where the class of an instance is found. */
export interface ClassAddress {
  /** URL of the module that exports it. */
  readonly module: string;
  /** The class's own name. */
  readonly name: string;
}

/** Where classes of the author's are found: both sides must agree. */
export interface ClassNames {
  /** Where the other side finds a class, given the prototype of its instances; undefined if it could not. */
  readonly addressOf: (prototype: object) => ClassAddress | undefined;
  /** The prototype of the class at an address. Throws if it is not there. */
  readonly prototypeAt: (address: ClassAddress) => object;
}

const MARK = '@sidereal/packed';

interface PackedError {
  readonly [MARK]: 'error';
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly remedy: string;
  readonly fields: ErrorField[];
}

interface PackedFields {
  readonly [MARK]: 'fields';
  /** `bare`: it has no prototype at all; `own`: that of its kind. */
  readonly class: ClassAddress | 'bare' | 'own';
  readonly holds: 'fields' | 'array' | 'map' | 'set';
  /** Of maps and sets: keys and values in turn, or members. */
  readonly items: unknown[];
  readonly fields: (readonly [string, unknown])[];
}

interface PackedUrl {
  readonly [MARK]: 'url';
  readonly href: string;
  readonly class: ClassAddress | undefined;
}

interface PackedBytes {
  readonly [MARK]: 'bytes';
  readonly bytes: Uint8Array;
}

/** An array, a date or the like of an author's class, which arrives without it. */
interface PackedLeaf {
  readonly [MARK]: 'leaf';
  readonly class: ClassAddress;
  readonly leaf: object;
}

type PackedObject = PackedError | PackedFields | PackedUrl | PackedBytes | PackedLeaf;

export interface Packed {
  readonly value: unknown;
  /** Classes that must be at hand where it is unpacked. */
  readonly classes: readonly ClassAddress[];
  /** False: it holds an instance whose class the other side could not find. */
  readonly isWhole: boolean;
}

const keep = (view: ArrayBufferView): ArrayBufferView => view;
const nothing = (): void => undefined;

/** Would a structured clone lose what this object is? Its parts are a matter of their own. */
export function needsPacking(value: object, { kind, isDerived }: ValueClass): boolean {
  switch (kind) {
    case 'error':
    case 'url':
    case 'instance':
      return true;
    case 'record':
      return Object.getPrototypeOf(value) === null || Object.hasOwn(value, MARK);
    case 'map':
    case 'set':
      return isDerived || Object.keys(value).length > 0;
    default:
      return isDerived;
  }
}

/**
 * A value that a structured clone carries whole; it is to be unpacked on arrival. What can be neither packed nor
 * cloned stays, and the clone refuses it: see `findUntransferable`.
 */
export function packValue(value: unknown, names: ClassNames): Packed {
  const packing = new Packing(names);
  // Of Buffers, errors and the like a copy is packed: errors in it are of Node's own kinds, their fields plain.
  const copy = new Copier({ takeView: keep, translate: keptBuffer }).copy(value);
  const translate = (part: object, valueClass: ValueClass): Translation | undefined =>
    packing.translate(part, valueClass);
  const packed = new Copier({ takeView: keep, translate }).copy(copy);
  return { value: packed, classes: packing.classes, isWhole: packing.isWhole };
}

/** Undoes {@link packValue} in a value that has arrived. Throws what `prototypeAt` does. */
export function unpackValue(value: unknown, names: Pick<ClassNames, 'prototypeAt'>): unknown {
  const translate = (part: object, valueClass: ValueClass): Translation | undefined =>
    isPackedObject(part) ? unpack(part, names) : keptBuffer(part, valueClass);
  return new Copier({ takeView: keep, translate }).copy(value);
}

/** Memory is not copied: it moves, or is cloned, with the views of it. */
function keptBuffer(value: object, { kind }: ValueClass): Translation | undefined {
  return kind === 'buffer' ? { copy: value, fill: nothing } : undefined;
}

/** The packing of one value. */
class Packing {
  readonly #names: ClassNames;
  readonly #classes = new Set<ClassAddress>();
  isWhole = true;

  constructor(names: ClassNames) {
    this.#names = names;
  }

  get classes(): readonly ClassAddress[] {
    return [...this.#classes];
  }

  translate(value: object, valueClass: ValueClass): Translation | undefined {
    const { kind, name, isDerived } = valueClass;
    if (!needsPacking(value, valueClass)) return keptBuffer(value, valueClass);
    switch (kind) {
      case 'error':
        return packError(value, errorKind(value, name), (part) => this.#arrives(part));
      case 'url': {
        if (!(value instanceof URL)) return undefined;
        const address = isDerived ? this.#addressOf(value) : undefined;
        return leaf({ [MARK]: 'url', href: value.href, class: address });
      }
      case 'record':
        return packFields(value, Object.getPrototypeOf(value) === null ? 'bare' : 'own', 'fields');
      case 'array':
      case 'map':
      case 'set': {
        const address = isDerived ? this.#addressOf(value) : 'own';
        return address === undefined ? undefined : packFields(value, address, kind);
      }
      case 'instance': {
        const address = this.#addressOf(value);
        return address === undefined ? undefined : packFields(value, address, 'fields');
      }
      default:
        return this.#leaf(value);
    }
  }

  #arrives(part: unknown): boolean {
    const isKnown = (prototype: object): boolean => this.#names.addressOf(prototype) !== undefined;
    if (isScalar(part)) return typeof part !== 'symbol';
    return findUntransferable(part, '', isKnown) === undefined && findFutures(part).length === 0;
  }

  #leaf(value: object): Translation | undefined {
    // Its own bytes only: a Buffer may lie in memory that others use.
    if (Buffer.isBuffer(value)) return leaf({ [MARK]: 'bytes', bytes: new Uint8Array(value) });
    const address = this.#addressOf(value);
    return address === undefined ? undefined : leaf({ [MARK]: 'leaf', class: address, leaf: value });
  }

  #addressOf(value: object): ClassAddress | undefined {
    const address = this.#names.addressOf(Object.getPrototypeOf(value) as object);
    if (address === undefined) this.isWhole = false;
    else this.#classes.add(address);
    return address;
  }
}

function leaf(copy: PackedObject): Translation {
  return { copy, fill: nothing };
}

/** `arrives`: fields for which it does not hold are left behind. */
function packError(error: object, kind: string, arrives: (part: unknown) => boolean): Translation {
  const copy: PackedError = {
    [MARK]: 'error',
    kind,
    name: textOf(error, 'name'),
    message: textOf(error, 'message'),
    code: textOf(error, 'code'),
    remedy: textOf(error, 'remedy'),
    fields: [],
  };
  return {
    copy,
    fill: (copyOf) => {
      for (const field of errorFields(error))
        if (arrives(field.value)) copy.fields.push({ ...field, value: copyOf(field.value) });
    },
  };
}

function packFields(
  value: object,
  itsClass: PackedFields['class'],
  holds: PackedFields['holds'],
): Translation {
  const copy: PackedFields = { [MARK]: 'fields', class: itsClass, holds, items: [], fields: [] };
  return {
    copy,
    fill: (copyOf) => {
      if (value instanceof Map) for (const [key, part] of value) copy.items.push(copyOf(key), copyOf(part));
      else if (value instanceof Set) for (const part of value) copy.items.push(copyOf(part));
      for (const [field, part] of Object.entries(value)) copy.fields.push([field, copyOf(part)]);
      if (Array.isArray(value)) copy.fields.push(['length', value.length]);
    },
  };
}

function unpack(packed: PackedObject, names: Pick<ClassNames, 'prototypeAt'>): Translation {
  switch (packed[MARK]) {
    case 'error':
      return unpackError(packed);
    case 'fields':
      return unpackFields(packed, names);
    case 'url':
      return dressed(new URL(packed.href), packed.class, names);
    case 'leaf':
      return dressed(packed.leaf, packed.class, names);
    case 'bytes': {
      const { buffer, byteOffset, byteLength } = packed.bytes;
      return { copy: Buffer.from(buffer, byteOffset, byteLength), fill: nothing };
    }
  }
}

function dressed(
  copy: object,
  address: ClassAddress | undefined,
  names: Pick<ClassNames, 'prototypeAt'>,
): Translation {
  if (address !== undefined) Object.setPrototypeOf(copy, names.prototypeAt(address));
  return { copy, fill: nothing };
}

function unpackError(packed: PackedError): Translation {
  const copy = bareError(packed.kind, packed);
  return {
    copy,
    fill: (copyOf) => {
      for (const { name, value, isEnumerable } of packed.fields)
        defineField(copy, name, copyOf(value), isEnumerable);
    },
  };
}

function unpackFields(packed: PackedFields, names: Pick<ClassNames, 'prototypeAt'>): Translation {
  const { class: itsClass, holds, items, fields } = packed;
  const copy = ofKind(holds);
  if (itsClass === 'bare') Object.setPrototypeOf(copy, null);
  else if (itsClass !== 'own') Object.setPrototypeOf(copy, names.prototypeAt(itsClass));
  return {
    copy,
    fill: (copyOf) => {
      for (let i = 0; i < items.length; i += 1) {
        if (copy instanceof Set) copy.add(copyOf(items[i]));
        else if (copy instanceof Map) {
          copy.set(copyOf(items[i]), copyOf(items[i + 1]));
          i += 1;
        }
      }
      for (const [field, part] of fields) {
        if (field === 'length' && Array.isArray(copy)) copy.length = Number(part);
        else defineField(copy, field, copyOf(part));
      }
    },
  };
}

function ofKind(holds: PackedFields['holds']): object {
  switch (holds) {
    case 'fields':
      return {};
    case 'array':
      return [];
    case 'map':
      return new Map();
    case 'set':
      return new Set();
  }
}

function isPackedObject(value: object): value is PackedObject {
  return classOf(value).kind === 'record' && Object.hasOwn(value, MARK);
}
