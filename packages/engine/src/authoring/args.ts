import type { TriggerRule } from '@sidereal/core';
import type { Settled, TaskFuture } from '../future/future.ts';

/** Values that futures cannot hide inside. */
export type Opaque =
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
  | ArrayBufferLike;

/**
 * What a caller may give where the function takes `P`: the value, a future of it, or futures inside it: in
 * arrays, plain objects, values of a Map and members of a Set. Nowhere else are futures found.
 */
export type Arg<P> = P | TaskFuture<P> | PromiseLike<P> | ArgInside<P>;

type ArgInside<P> = unknown extends P
  ? never
  : P extends Opaque
    ? never
    : P extends readonly unknown[]
      ? ArgItems<P>
      : P extends Collection
        ? ArgMembers<P>
        : HasHiddenState<P> extends true
          ? never
          : { [K in keyof P]: Arg<P[K]> };

/** Tells Maps and Sets from other objects at little cost to the compiler. */
interface Collection {
  readonly size: number;
  readonly forEach: unknown;
}

/** A Map where a Map is wanted, a ReadonlyMap where that is enough; likewise a Set. */
type ArgMembers<P extends Collection> =
  P extends Map<infer K, infer V>
    ? Map<K, Arg<V>>
    : P extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<K, Arg<V>>
      : P extends Set<infer V>
        ? Set<Arg<V>>
        : P extends ReadonlySet<infer V>
          ? ReadonlySet<Arg<V>>
          : never;

/**
 * Types may contain themselves, so items are looked into only when asked: the compiler does so for lists that
 * are written as lists and for fields, while it maps a tuple at once. Tuples that end in any number of items
 * are, and cannot contain themselves.
 */
type ArgItems<P extends readonly unknown[]> = P[number][] extends P
  ? P extends unknown[]
    ? Arg<P[number]>[]
    : readonly Arg<P[number]>[]
  : number extends P['length']
    ? { [K in keyof P]: Arg<P[K]> }
    : readonly unknown[] & { readonly length: P['length'] } & {
        [K in keyof P as K extends `${number}` ? K : never]: Arg<P[K]>;
      };

/**
 * Instances with private fields are more than the fields that can be seen, and so is `object`: something that
 * merely has the same fields is not one of them.
 */
type HasHiddenState<P> = [keyof P] extends [never] ? true : { [K in keyof P]: P[K] } extends P ? false : true;

/** Under a tolerant rule, where the function takes `Settled<T>`, a caller gives a future of `T`. */
type TolerantArg<P> = [P] extends [Settled<infer T>] ? P | PromiseLike<T> : P | TolerantInside<P>;

type TolerantInside<P> = unknown extends P
  ? never
  : P extends Opaque
    ? never
    : P extends readonly unknown[]
      ? TolerantItems<P>
      : P extends Collection
        ? TolerantMembers<P>
        : HasHiddenState<P> extends true
          ? never
          : { [K in keyof P]: TolerantArg<P[K]> };

type TolerantMembers<P extends Collection> =
  P extends Map<infer K, infer V>
    ? Map<K, TolerantArg<V>>
    : P extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<K, TolerantArg<V>>
      : P extends Set<infer V>
        ? Set<TolerantArg<V>>
        : P extends ReadonlySet<infer V>
          ? ReadonlySet<TolerantArg<V>>
          : never;

type TolerantItems<P extends readonly unknown[]> = P[number][] extends P
  ? P extends unknown[]
    ? TolerantArg<P[number]>[]
    : readonly TolerantArg<P[number]>[]
  : { [K in keyof P]: TolerantArg<P[K]> };

/** The arguments of a call, given those of the function and the trigger rule. */
export type CallArgs<Args extends readonly unknown[], Rule extends TriggerRule> = Rule extends 'all_success'
  ? { [K in keyof Args]: Arg<Args[K]> }
  : { [K in keyof Args]: TolerantArg<Args[K]> };

/** The argument of a function that can be called with one alone; for one that needs more, nothing will do. */
export type SoleArg<Args extends readonly unknown[]> = Args extends readonly []
  ? undefined
  : [Args[0]] extends Args
    ? Args[0]
    : never;
