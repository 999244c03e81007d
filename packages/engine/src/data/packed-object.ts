/** How objects that a structured clone would not carry whole are written down for it. */
import { classOf, type ValueClass } from '@sidereal/core';
import type { ErrorField } from './bare-error.ts';
import type { Translation } from './copy-rules.ts';

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
  /** The prototype of the class at an address. Throws if it is not there; `at`: the user's line for that. */
  readonly prototypeAt: (address: ClassAddress, at: string | undefined) => object;
}

export const MARK = '@sidereal/packed';

export interface PackedError {
  readonly [MARK]: 'error';
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly remedy: string;
  readonly fields: ErrorField[];
}

export interface PackedFields {
  readonly [MARK]: 'fields';
  /** `bare`: it has no prototype at all; `own`: that of its kind. */
  readonly class: ClassAddress | 'bare' | 'own';
  readonly holds: 'fields' | 'array' | 'map' | 'set';
  /** Of maps and sets: keys and values in turn, or members. */
  readonly items: unknown[];
  readonly fields: (readonly [string, unknown])[];
}

export interface PackedUrl {
  readonly [MARK]: 'url';
  readonly href: string;
  readonly class: ClassAddress | undefined;
}

export interface PackedBytes {
  readonly [MARK]: 'bytes';
  readonly bytes: Uint8Array;
}

/** An array, a date or the like of an author's class, which arrives without it. */
export interface PackedLeaf {
  readonly [MARK]: 'leaf';
  readonly class: ClassAddress;
  readonly leaf: object;
}

export type PackedObject = PackedError | PackedFields | PackedUrl | PackedBytes | PackedLeaf;

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

/** Memory is not copied: it moves, or is cloned, with the views of it. */
export function keptBuffer(value: object, { kind }: ValueClass): Translation | undefined {
  return kind === 'buffer' ? { copy: value, fill: () => undefined } : undefined;
}

export function isPackedObject(value: object): value is PackedObject {
  return classOf(value).kind === 'record' && Object.hasOwn(value, MARK);
}
