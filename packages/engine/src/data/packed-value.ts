/**
 * Values on their way between threads. A structured clone loses what a copy keeps: the code and fields of
 * errors, the class of instances, URLs, Buffers, objects without a prototype. Each of these travels as a record
 * under a mark, and is put together again on arrival; everything else is left to the clone.
 */
import type { ValueClass } from '@sidereal/core';
import { bareError, errorFields, textOf, type ErrorField } from './bare-error.ts';
import { Copier } from './copier.ts';
import type { Translation } from './copy-rules.ts';
import { defineField } from './define-field.ts';

/** Where classes of the author's are found: both sides must agree. */
export interface ClassNames {
  /** A name for a class, given the prototype of its instances; undefined if the other side could not find it. */
  readonly nameOf: (prototype: object) => string | undefined;
  /** The prototype of that name. */
  readonly prototypeOf: (name: string) => object | undefined;
}

const MARK = '@sidereal/packed';

interface PackedError {
  readonly [MARK]: 'error';
  readonly kind: string;
  readonly message: string;
  readonly code: string;
  readonly remedy: string;
  readonly fields: ErrorField[];
}

interface PackedFields {
  readonly [MARK]: 'fields';
  /** Name of the class; null: no prototype at all. */
  readonly name: string | null;
  readonly holds: 'fields' | 'array' | 'map' | 'set';
  /** Of maps and sets: keys and values in turn, or members. */
  readonly items: unknown[];
  readonly fields: (readonly [string, unknown])[];
}

interface PackedText {
  readonly [MARK]: 'url' | 'bytes';
  readonly content: string | Uint8Array;
}

type PackedObject = PackedError | PackedFields | PackedText;

export interface Packed {
  readonly value: unknown;
  /** Something was packed: {@link unpackValue} is to be called on arrival. */
  readonly isPacked: boolean;
}

const keep = (view: ArrayBufferView): ArrayBufferView => view;

/**
 * A value that a structured clone carries whole; the value itself if it would be anyway. What can be neither
 * packed nor cloned stays, and the clone refuses it: see `findUntransferable`.
 */
export function packValue(value: unknown, classes: ClassNames): Packed {
  if (value === null || typeof value !== 'object') return { value, isPacked: false };
  // Of Buffers, errors and the like a copy is packed: errors in it are of Node's own kinds, their fields plain.
  const copier = new Copier({ takeView: keep });
  const copy = copier.copy(value);
  if (!copier.isSpecial) return { value, isPacked: false };
  const translate = (part: object, valueClass: ValueClass): Translation | undefined =>
    pack(part, valueClass, classes);
  return { value: new Copier({ takeView: keep, translate }).copy(copy), isPacked: true };
}

/** Undoes {@link packValue} in a value that has arrived. */
export function unpackValue(value: unknown, classes: ClassNames): unknown {
  const translate = (part: object): Translation | undefined =>
    isPackedObject(part) ? unpack(part, classes) : undefined;
  return new Copier({ takeView: keep, translate }).copy(value);
}

function pack(value: object, valueClass: ValueClass, classes: ClassNames): Translation | undefined {
  switch (valueClass.kind) {
    case 'error':
      return packError(value, valueClass.name);
    case 'url':
      return value instanceof URL ? leaf({ [MARK]: 'url', content: value.href }) : undefined;
    case 'view':
      // Its own bytes only: a Buffer may lie in memory that others use.
      return Buffer.isBuffer(value) ? leaf({ [MARK]: 'bytes', content: new Uint8Array(value) }) : undefined;
    case 'record':
      return Object.getPrototypeOf(value) === null ? packFields(value, null, 'fields') : undefined;
    case 'instance':
    case 'array':
    case 'map':
    case 'set': {
      if (valueClass.kind !== 'instance' && !valueClass.isDerived) return undefined;
      const name = classes.nameOf(Object.getPrototypeOf(value) as object);
      const holds = valueClass.kind === 'instance' ? 'fields' : valueClass.kind;
      return name === undefined ? undefined : packFields(value, name, holds);
    }
    default:
      return undefined;
  }
}

function leaf(copy: PackedObject): Translation {
  return { copy, fill: () => undefined };
}

function packError(error: object, kind: string): Translation {
  const [message, code, remedy] = [
    textOf(error, 'message'),
    textOf(error, 'code'),
    textOf(error, 'remedy'),
  ] as const;
  const copy: PackedError = { [MARK]: 'error', kind, message, code, remedy, fields: [] };
  return {
    copy,
    fill: (copyOf) => {
      for (const field of errorFields(error)) copy.fields.push({ ...field, value: copyOf(field.value) });
    },
  };
}

function packFields(value: object, name: string | null, holds: PackedFields['holds']): Translation {
  const copy: PackedFields = { [MARK]: 'fields', name, holds, items: [], fields: [] };
  return {
    copy,
    fill: (copyOf) => {
      if (value instanceof Map) for (const [key, part] of value) copy.items.push(copyOf(key), copyOf(part));
      else if (value instanceof Set) for (const part of value) copy.items.push(copyOf(part));
      for (const [field, part] of Object.entries(value)) copy.fields.push([field, copyOf(part)]);
    },
  };
}

function unpack(packed: PackedObject, classes: ClassNames): Translation {
  switch (packed[MARK]) {
    case 'error':
      return unpackError(packed);
    case 'fields':
      return unpackFields(packed, classes);
    case 'url':
      return { copy: new URL(String(packed.content)), fill: () => undefined };
    case 'bytes': {
      const { content } = packed;
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      return { copy: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), fill: () => undefined };
    }
  }
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

function unpackFields({ name, holds, items, fields }: PackedFields, classes: ClassNames): Translation {
  const copy = bare(holds);
  Object.setPrototypeOf(copy, name === null ? null : (classes.prototypeOf(name) ?? Object.prototype));
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
      for (const [field, part] of fields) defineField(copy, field, copyOf(part));
    },
  };
}

function bare(holds: PackedFields['holds']): object {
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
  return Object.hasOwn(value, MARK);
}
