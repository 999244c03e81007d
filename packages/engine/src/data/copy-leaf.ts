import type { ValueClass } from '@sidereal/core';
import { copyBuffer } from './copy-memory.ts';

/**
 * A copy of something without parts: a date, a pattern, a URL, a boxed value, a buffer. Undefined if somebody
 * gave it fields, which make it more than that, or took its memory.
 */
export function copyLeaf(value: object, valueClass: ValueClass): object | undefined {
  if (Object.getOwnPropertyNames(value).length > ownNames(valueClass)) return undefined;
  const copy = bareCopy(value);
  return copy === undefined ? undefined : dressed(value, valueClass, copy);
}

function bareCopy(value: object): object | undefined {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof URL) return new URL(value.href);
  if (value instanceof ArrayBuffer) return copyBuffer(value);
  return new Object(value.valueOf());
}

/** Fields that it has by itself: a pattern its `lastIndex`, a boxed text its characters. */
function ownNames({ kind }: ValueClass): number {
  if (kind === 'pattern') return 1;
  return kind === 'boxed' ? Infinity : 0;
}

/** Gives the copy of something of an author's class its prototype. */
export function dressed<T extends object>(source: object, { isDerived }: ValueClass, copy: T): T {
  if (isDerived) Object.setPrototypeOf(copy, Object.getPrototypeOf(source) as object | null);
  return copy;
}
