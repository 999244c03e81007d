/**
 * Values on their way between threads. A structured clone loses what a copy keeps: the code and fields of
 * errors, the class of instances, URLs, Buffers, objects without a prototype. Each of these travels as a record
 * under a mark, and is put together again on arrival; everything else is left to the clone.
 */
import type { ValueClass } from '@sidereal/core';
import { errorFields, errorKind, textOf } from './bare-error.ts';
import { Copier, isScalar } from './copier.ts';
import type { Translation } from './copy-rules.ts';
import { findFutures } from './futures-in-values.ts';
import { findUntransferable } from './obstacles.ts';
import {
  keptBuffer,
  MARK,
  needsPacking,
  type ClassAddress,
  type ClassNames,
  type PackedError,
  type PackedFields,
  type PackedObject,
} from './packed-object.ts';

export interface Packed {
  readonly value: unknown;
  /** Classes that must be at hand where it is unpacked. */
  readonly classes: readonly ClassAddress[];
  /** False: it holds an instance whose class the other side could not find. */
  readonly isWhole: boolean;
}

const keep = (view: ArrayBufferView): ArrayBufferView => view;
const nothing = (): void => undefined;

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
