/**
 * A value on its way between the engine and a runner: where it lies, and how large it is, without the bytes
 * themselves. Bytes move only where code reads them: a runner that executes in this thread reads the value as it
 * is, another one copies it when it writes the message.
 *
 * Each place is one member of {@link HandlesByPlace}; whoever reads handles does so by {@link readHandle}, whose
 * `switch` is exhaustive: a new place breaks the build until it can be read.
 */
import { unreachable } from '@sidereal/core/errors';

/** Handles, by the place where the value lies. */
export interface HandlesByPlace {
  /** In the memory of this thread. */
  readonly memory: {
    readonly value: unknown;
    /** Whoever reads it may have the value itself: nobody else will ask for it. */
    readonly isSole: boolean;
  };
}

export type ValuePlace = keyof HandlesByPlace;

/** A value, wherever it lies. */
export type ValueHandle = {
  readonly [P in ValuePlace]: {
    readonly place: P;
    /** Measured size, bytes; undefined if nobody has measured it yet. */
    readonly bytes: number | undefined;
  } & HandlesByPlace[P];
}[ValuePlace];

/** The handle of a value in this thread's memory. */
export function inMemory(value: unknown, isSole = false, bytes?: number): ValueHandle {
  return { place: 'memory', value, isSole, bytes };
}

/** The value itself. */
export function readHandle(handle: ValueHandle): unknown {
  switch (handle.place) {
    case 'memory':
      return handle.value;
    default:
      return unreachable(handle.place, 'place of a value');
  }
}
