import type { ValueClass } from '@sidereal/core';
import { bareError } from './bare-error.ts';
import { Copier } from './copier.ts';
import type { Translation } from './copy-rules.ts';
import { defineField } from './define-field.ts';
import {
  isPackedObject,
  keptBuffer,
  MARK,
  type ClassAddress,
  type ClassNames,
  type PackedError,
  type PackedFields,
  type PackedObject,
} from './packed-object.ts';

type PrototypeAt = (address: ClassAddress) => object;

const keep = (view: ArrayBufferView): ArrayBufferView => view;
const nothing = (): void => undefined;

/** Undoes `packValue` in a value that has arrived. Throws what `prototypeAt` does; `at`: the user's line for that. */
export function unpackValue(value: unknown, names: Pick<ClassNames, 'prototypeAt'>, at?: string): unknown {
  const prototypeAt = (address: ClassAddress): object => names.prototypeAt(address, at);
  const translate = (part: object, valueClass: ValueClass): Translation | undefined =>
    isPackedObject(part) ? unpack(part, prototypeAt) : keptBuffer(part, valueClass);
  return new Copier({ takeView: keep, translate }).copy(value);
}

function unpack(packed: PackedObject, prototypeAt: PrototypeAt): Translation {
  switch (packed[MARK]) {
    case 'error':
      return unpackError(packed);
    case 'fields':
      return unpackFields(packed, prototypeAt);
    case 'url':
      return dressed(new URL(packed.href), packed.class, prototypeAt);
    case 'leaf':
      return dressed(packed.leaf, packed.class, prototypeAt);
    case 'bytes': {
      const { buffer, byteOffset, byteLength } = packed.bytes;
      return { copy: Buffer.from(buffer, byteOffset, byteLength), fill: nothing };
    }
  }
}

function dressed(copy: object, address: ClassAddress | undefined, prototypeAt: PrototypeAt): Translation {
  if (address !== undefined) Object.setPrototypeOf(copy, prototypeAt(address));
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

function unpackFields(packed: PackedFields, prototypeAt: PrototypeAt): Translation {
  const { class: itsClass, holds, items, fields } = packed;
  const copy = ofKind(holds);
  if (itsClass === 'bare') Object.setPrototypeOf(copy, null);
  else if (itsClass !== 'own') Object.setPrototypeOf(copy, prototypeAt(itsClass));
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
