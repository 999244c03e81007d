import type { TriggerRule } from '@sidereal/core';
import type { Settled } from '../future.ts';

/** Values that futures cannot hide inside. */
type Opaque =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ((...args: never[]) => unknown)
  | Date
  | RegExp
  | Error
  | ArrayBufferView
  | ArrayBufferLike
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>;

/** What a caller may give where the function takes `P`: the value, a future of it, or futures inside it. */
export type Arg<P> = P | PromiseLike<P> | ArgInside<P>;

type ArgInside<P> = unknown extends P ? never : P extends Opaque ? never : { [K in keyof P]: Arg<P[K]> };

/** Under a tolerant rule, where the function takes `Settled<T>`, a caller gives a future of `T`. */
type TolerantArg<P> = [P] extends [Settled<infer T>] ? P | PromiseLike<T> : P | TolerantInside<P>;

type TolerantInside<P> = unknown extends P
  ? never
  : P extends Opaque
    ? never
    : { [K in keyof P]: TolerantArg<P[K]> };

/** The arguments of a call, given those of the function and the trigger rule. */
export type CallArgs<Args extends readonly unknown[], Rule extends TriggerRule> = Rule extends 'all_success'
  ? { [K in keyof Args]: Arg<Args[K]> }
  : { [K in keyof Args]: TolerantArg<Args[K]> };
