/** Futures in what a task or flow returns, and copies of values for those that read them. */
import { Copier } from './copier.ts';
import type { Translation } from './copy-rules.ts';
import { futuresAmong } from './futures-among.ts';
import { findHiddenFuture, futureHidden } from './obstacles.ts';
import { isShared } from './shared-values.ts';

const NOTHING: readonly object[] = [];

/**
 * Every future and promise in a value, each once: in arrays, objects, Maps and Sets at any depth. Values that
 * are none are not copied or changed.
 */
export function findFutures(value: unknown): readonly object[] {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return NOTHING;
  const futures = futuresAmong(value);
  return futures.size === 0 ? NOTHING : [...futures];
}

/**
 * A copy of a value in which each future is replaced by what `valueOf` gives; arrays of numbers, and what cannot
 * be copied, are the value's own.
 */
export function replaceFutures(value: unknown, valueOf: (future: object) => unknown): unknown {
  return new Copier({ isShared, takeView: keep, replace: valueOf }).copy(value);
}

/** The same of objects of any kind: a copy in which those are replaced for which `replacementOf` gives another. */
export function replaceObjects(value: unknown, replacementOf: (part: object) => object | undefined): unknown {
  const translate = (part: object): Translation | undefined => {
    const copy = replacementOf(part);
    return copy === undefined ? undefined : { copy, fill: () => undefined };
  };
  return new Copier({ isShared, takeView: keep, translate }).copy(value);
}

function keep(view: ArrayBufferView): ArrayBufferView {
  return view;
}

/** A value of its own for one of several readers; what of it cannot be copied is passed as it is. */
export function copyForReader(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  return new Copier({ isShared }).copy(value);
}

/** A copy of a value, and whether all of it was copied. */
export interface PlainCopy {
  readonly value: unknown;
  /** False: something that hides state, or is code, was passed as it is. */
  readonly isPlain: boolean;
}

/** Copies plain data. */
export function copyPlain(value: unknown): PlainCopy {
  const copier = new Copier({ isShared });
  const copy = copier.copy(value);
  return {
    value: copy,
    isPlain: !copier.isOpaque && !copier.hasSharedMemory && copier.thenables === undefined,
  };
}

/** What code has returned, as a copy that it does not share. */
export interface ReturnedCopy {
  /** With futures and promises in their places. */
  readonly value: unknown;
  readonly thenables: readonly object[];
}

/** Copies what code has returned. Throws `FUTURE_HIDDEN` for a future that would not be found in it. */
export function copyReturned(value: unknown, isFuture: (value: object) => boolean): ReturnedCopy {
  if (value === null || typeof value !== 'object') return { value, thenables: NOTHING };
  const copier = new Copier({ isShared });
  const copy = copier.copy(value);
  if (copier.hasHidden || copier.isOpaque) {
    const hidden = findHiddenFuture(value, 'the value', isFuture);
    if (hidden !== undefined) throw futureHidden(hidden, undefined);
  }
  return { value: copy, thenables: copier.thenables ?? NOTHING };
}
