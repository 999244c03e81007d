import type { Opaque } from './args.ts';

/**
 * What a task or flow gives, when its function returns `R`: promises and futures are waited for, also those in
 * arrays, plain objects, values of a Map and members of a Set. A type without any stays as it is, by name.
 */
export type Resolved<R> = unknown extends R
  ? R
  : R extends Promise<infer T>
    ? Resolved<T>
    : R extends PromiseLike<infer T>
      ? Resolved<T>
      : true extends HasFuture<R, Depth>
        ? ResolvedInside<R>
        : R;

type ResolvedInside<R> =
  R extends Map<infer K, infer V>
    ? Map<K, Resolved<V>>
    : R extends Set<infer V>
      ? Set<Resolved<V>>
      : R extends Opaque
        ? R
        : { [K in keyof R]: Resolved<R[K]> };

/** How far inside futures are looked for: types may contain themselves. */
type Depth = [1, 1, 1];

/** Is there a promise inside a type? `true`, `false`, or both for a union of which only some parts have one. */
type HasFuture<R, D extends readonly unknown[]> = unknown extends R
  ? false
  : R extends Opaque
    ? false
    : R extends PromiseLike<unknown>
      ? true
      : D extends readonly [unknown, ...infer Less]
        ? R extends readonly (infer T)[]
          ? HasFuture<T, Less>
          : R extends ReadonlyMap<unknown, infer V>
            ? HasFuture<V, Less>
            : R extends ReadonlySet<infer V>
              ? HasFuture<V, Less>
              : HasFuture<R[keyof R], Less>
        : false;
