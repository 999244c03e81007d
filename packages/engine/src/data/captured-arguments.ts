/**
 * The arguments of a call as they were when it was made: what the key, the record and every execution see,
 * whoever changes the objects afterwards.
 *
 * Plain data up to 64 KiB is copied; larger plain data is encoded once, and decoded for each consumer; a large
 * array stands as a snapshot, which other calls may share. Futures stand where they were given. What cannot be
 * copied is passed as it is, and the call is then never reused.
 */
import { deserialize, serialize } from 'node:v8';
import type { CanonicalText } from '@sidereal/core';
import { Copier, isScalar } from './copier.ts';
import { findHiddenFuture, findOpaque, futureHidden, type Obstacle } from './obstacles.ts';
import { isShared } from './shared-values.ts';
import { LARGE_ARRAY_BYTES, type ArraySnapshots } from './snapshots.ts';
import type { FutureText, ValueIdentity } from './value-identity.ts';

/** Plain data up to this is copied at the call; texts, which nobody can change, do not count. */
const COPIED_BYTES = 64 * 1024;

export interface CaptureContext {
  readonly snapshots: ArraySnapshots;
  readonly identity: ValueIdentity;
  /** Is it a future of the engine's, and no other promise? */
  readonly isFuture: (value: object) => boolean;
}

export interface CapturedArguments {
  /** With futures in their places; empty if they are encoded. For readers that change nothing. */
  readonly args: readonly unknown[];
  /** The same as bytes of V8's format, of larger plain data. */
  readonly encoded: Uint8Array | undefined;
  /** Their canonical text, if it had to be written at once. */
  readonly text: CanonicalText | undefined;
  /** Futures and promises, in order; one that stands in several places comes as often. */
  readonly thenables: readonly object[];
  /** Memory that they take, about. Large arrays are counted by their snapshots, and not here. */
  readonly bytes: number;
  /** All of it can be seen and was copied, except for futures. If not, the call is never reused. */
  readonly isPlain: boolean;
  /** Plain, and all lists are dense: their text is faster to write. */
  readonly isRegular: boolean;
  /** Something among them loses what it is in a structured clone: see {@link packValue}. */
  readonly needsPacking: boolean;
  /** There is a large array or a shared value among them, which consumers must not change. */
  readonly hasLent: boolean;
  /**
   * `scalars`: nothing but numbers, texts and the like, so that every consumer may have the same; `flat`: scalars
   * and futures.
   */
  readonly shape: 'scalars' | 'flat' | 'nested';
}

const NOTHING: readonly object[] = [];

/** Captures the arguments of a call. Throws `FUTURE_HIDDEN`, with the user's line if `at` gives it. */
export function captureArguments(
  args: readonly unknown[],
  context: CaptureContext,
  at: () => string | undefined = () => undefined,
): CapturedArguments {
  let scalarBytes = 0;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (!isScalar(arg) || typeof arg === 'symbol') return captureObjects(args, context, at);
    scalarBytes += typeof arg === 'string' ? 2 * arg.length + 16 : 8;
  }
  return {
    args,
    encoded: undefined,
    text: undefined,
    thenables: NOTHING,
    bytes: scalarBytes,
    isPlain: true,
    isRegular: true,
    needsPacking: false,
    hasLent: false,
    shape: 'scalars',
  };
}

/**
 * Captures a list whose items are to be handed out one by one: never encoded, so that each stands by itself. Throws
 * `FUTURE_HIDDEN`.
 */
export function captureList(
  list: readonly unknown[],
  context: CaptureContext,
  at: () => string | undefined = () => undefined,
): CapturedArguments {
  return captured(copyArguments(list, context, Infinity), context, at);
}

function captureObjects(
  args: readonly unknown[],
  context: CaptureContext,
  at: () => string | undefined,
): CapturedArguments {
  const small = copyArguments(args, context, COPIED_BYTES);
  if (!small.copier.isTooLarge) return captured(small, context, at);
  const large = copyArguments(args, context, Infinity);
  const { copier } = large;
  const isEncodable =
    copier.thenables === undefined &&
    !copier.isOpaque &&
    !copier.hasSharedMemory &&
    !copier.isSpecial &&
    !large.hasLent;
  if (!isEncodable) return captured(large, context, at);
  const encoded = encode(large.args);
  if (encoded === undefined) return captured(large, context, at);
  // The text is written while what was given is at hand: nothing has run since.
  return {
    args: [],
    encoded,
    text: context.identity.textOf(large.args),
    thenables: NOTHING,
    bytes: copier.bytes,
    isPlain: true,
    isRegular: true,
    needsPacking: false,
    hasLent: false,
    shape: 'nested',
  };
}

/** Undefined if it is nested deeper than the format can carry. */
function encode(args: readonly unknown[]): Uint8Array | undefined {
  try {
    return serialize(args);
  } catch {
    return undefined;
  }
}

/** Are arguments nothing but scalars and futures? */
function isFlat(args: readonly unknown[], thenables: readonly object[]): boolean {
  if (thenables.length === 0) return args.every(isScalar);
  if (thenables.length > args.length) return false;
  const futures: ReadonlySet<unknown> = new Set(thenables);
  return args.every((arg) => isScalar(arg) || futures.has(arg));
}

interface Copied {
  readonly args: readonly unknown[];
  readonly copier: Copier;
  readonly hasLent: boolean;
}

function copyArguments(args: readonly unknown[], { snapshots }: CaptureContext, maxBytes: number): Copied {
  let hasLent = false;
  const copier = new Copier({
    maxBytes,
    isShared: (value) => {
      const isKept = isShared(value);
      hasLent ||= isKept;
      return isKept;
    },
    takeView: (view) => {
      const snapshot = snapshots.take(view);
      hasLent ||= snapshot !== undefined;
      return snapshot;
    },
  });
  const copies = copier.copyAll(args);
  return { args: copies, copier, hasLent };
}

function captured(
  { args, copier, hasLent }: Copied,
  context: CaptureContext,
  at: () => string | undefined,
): CapturedArguments {
  if (copier.hasHidden || copier.isOpaque) {
    const hidden = findHiddenFuture(args, 'args', context.isFuture);
    if (hidden !== undefined) throw futureHidden(hidden, at());
  }
  const isPlain = !copier.isOpaque && !copier.hasSharedMemory;
  return {
    args,
    encoded: undefined,
    text: undefined,
    thenables: copier.thenables ?? NOTHING,
    bytes: copier.bytes,
    isPlain,
    isRegular: isPlain && !copier.hasOddList,
    needsPacking: copier.isSpecial,
    hasLent,
    shape: isFlat(args, copier.thenables ?? NOTHING) ? 'flat' : 'nested',
  };
}

/** The first thing among captured arguments that hides state; undefined if they are plain. */
export function opaqueAmong({ args, isPlain }: CapturedArguments): Obstacle | undefined {
  return isPlain ? undefined : findOpaque(args, 'args');
}

/** The canonical text of captured arguments, futures standing by what `futureText` gives. */
export function textOfArguments(
  { args, text, isRegular }: CapturedArguments,
  identity: ValueIdentity,
  futureText: FutureText,
): CanonicalText {
  return text ?? identity.textOf(args, futureText, isRegular);
}

export interface MaterializeOptions {
  /** `borrow`: large arrays are the snapshots themselves, not to be changed. */
  readonly arrays?: 'copy' | 'borrow' | undefined;
  /** Nobody will want these arguments again: they are handed out instead of copied. */
  readonly isLast?: boolean | undefined;
}

/**
 * The arguments for one consumer, its own to change, with each future replaced by what `valueOf` gives, as it
 * is: whether the consumer owns that is the caller's business.
 */
export function materialize(
  { args, encoded, shape, thenables, hasLent }: CapturedArguments,
  valueOf: (future: object) => unknown,
  { arrays = 'copy', isLast = false }: MaterializeOptions = {},
): readonly unknown[] {
  if (shape === 'scalars') return args;
  if (shape === 'flat') return args.map((arg) => (isScalar(arg) ? arg : valueOf(arg)));
  if (encoded !== undefined) {
    const decoded: unknown = deserialize(encoded);
    return Array.isArray(decoded) ? decoded : [];
  }
  const mayLend = !hasLent || arrays === 'borrow';
  if (isLast && thenables.length === 0 && mayLend) return args;
  const copier = new Copier({
    replace: valueOf,
    isShared,
    takeView:
      arrays === 'borrow' ? (view) => (view.byteLength < LARGE_ARRAY_BYTES ? undefined : view) : undefined,
  });
  return copier.copyAll(args);
}
