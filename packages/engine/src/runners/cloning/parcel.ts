import type { ClassAddress, ClassNames } from '../../data/packed-object.ts';
import { packValue } from '../../data/packed-value.ts';
import { unpackValue } from '../../data/unpacked-value.ts';
import { contentsOf, type ValueContents } from './value-contents.ts';

/** A value as a message carries it: as it is where a structured clone loses nothing, else packed. */
export interface Parcel {
  readonly value: unknown;
  /** It is packed, and instances of these classes are among it. */
  readonly classes?: readonly ClassAddress[];
}

/** Undefined if the value cannot travel: it hides state, is code, or is of a class that the other side cannot find. */
export function parcelOf(
  value: unknown,
  names: ClassNames,
  contents: ValueContents = contentsOf(value),
): Parcel | undefined {
  if (contents.isOpaque) return undefined;
  if (!contents.needsPacking) return { value };
  const { value: packed, classes, isWhole } = packValue(value, names);
  return isWhole ? { value: packed, classes } : undefined;
}

/** The value again. Throws if a class is not there; `at`: the user's line for that. */
export function openParcel(
  { value, classes }: Parcel,
  names: Pick<ClassNames, 'prototypeAt'>,
  at?: string,
): unknown {
  return classes === undefined ? value : unpackValue(value, names, at);
}
