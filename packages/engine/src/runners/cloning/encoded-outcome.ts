import { SiderealError } from '@sidereal/core/errors';
import { findFutures } from '../../data/futures-in-values.ts';
import { findUntransferable } from '../../data/obstacles.ts';
import { readableThrown } from '../../errors/readable-error.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import { openParcel, parcelOf, type Parcel } from './parcel.ts';

/** How something ended, as a message carries it. */
export interface EncodedOutcome {
  readonly type: 'returned' | 'threw';
  readonly parcel: Parcel;
}

/** What something threw; it can always travel. */
export function encodeThrew(thrown: unknown, names: ClassNames): EncodedOutcome {
  return { type: 'threw', parcel: thrownParcel(readableThrown(thrown), names) };
}

/** The same, without what it is the outcome of. */
export function thrownParcel(thrown: unknown, names: ClassNames): Parcel {
  return parcelOf(thrown, names) ?? parcelOf(unthrowable(thrown, names), names) ?? NOTHING;
}

const NOTHING: Parcel = { value: undefined };

/** Back to plain values. What cannot be put together again throws here, too. */
export function decodeOutcome(
  { type, parcel }: EncodedOutcome,
  names: Pick<ClassNames, 'prototypeAt'>,
  at?: string,
):
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown } {
  try {
    const value = openParcel(parcel, names, at);
    return type === 'returned' ? { type, value } : { type, error: value };
  } catch (error) {
    return { type: 'threw', error };
  }
}

function unthrowable(thrown: unknown, names: ClassNames): SiderealError {
  const obstacle = untransferable(thrown, '', names);
  const where = obstacle.path === '' ? '' : ` (at ${obstacle.path})`;
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `the task threw ${obstacle.what}${where}, which cannot leave its thread`,
    { remedy: 'Throw an Error.' },
  );
}

/** What keeps a value from travelling, for a message: `root` is what the value is called. */
export function untransferable(
  value: unknown,
  root: string,
  names: ClassNames,
): { readonly path: string; readonly what: string } {
  const isKnown = (prototype: object): boolean => names.addressOf(prototype) !== undefined;
  const obstacle = findUntransferable(value, root, isKnown);
  if (obstacle !== undefined) return obstacle;
  const holdsFuture = findFutures(value).length > 0;
  return {
    path: root,
    what: holdsFuture ? 'or holds a promise (await it first)' : 'something that cannot be copied',
  };
}
