import type { State } from '@sidereal/core';

declare const VALUE: unique symbol;

/**
 * The value that a submitted run will have. It may be awaited, or passed, nested in arrays and objects, as
 * an argument to other tasks and stages: that makes the dependency graph.
 */
export interface TaskFuture<T> extends PromiseLike<T> {
  readonly [VALUE]?: T;
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<R = never>(onRejected: (reason: unknown) => R | PromiseLike<R>): Promise<T | R>;
  finally(onFinally: () => void): Promise<T>;
}

/** The values of a map group, in the order of its items; also an iterable of the items' own futures for `map` and `reduce`. */
export interface MapFuture<T> extends TaskFuture<T[]> {
  /** Marks it for `map` and `reduce`, which take its items one by one. */
  readonly isMap: true;
}

/** How a run ended, whatever the outcome. */
export type Settled<T> =
  | { readonly state: 'completed' | 'cached'; readonly value: T; readonly error?: undefined }
  | {
      /** One that has not ended appears only under rules that start early: `one_…` and `always`. */
      readonly state: Exclude<State, 'completed' | 'cached'>;
      readonly value?: undefined;
      readonly error: Error;
    };

/** Is it something to wait for? */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
