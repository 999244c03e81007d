import type { MapFuture, TaskFuture } from '../future.ts';
import type { Arg } from './args.ts';
import { currentScope } from './current-scope.ts';
import type { Items, Task } from './task.ts';

/** Options of a reduce. */
export interface ReduceOptions<T> {
  /** Items that one run combines; default 2. */
  readonly arity?: number;
  /** First item; needed if there may be none. */
  readonly initial?: Arg<T>;
}

/**
 * Combines items as a tree, in input order: the same tree as pairing adjacent items level by level, built
 * while the items come, in bounded memory. Rejects `EMPTY_REDUCE` if there is nothing to combine.
 *
 * @example
 * const planes = gridChannel.map(channels, (c) => [vis, c]);
 * const sum = await reduce(addImages, planes);
 */
export function reduce<T>(
  task: Task<[T, T], T> | Task<T[], T>,
  items: MapFuture<T> | Items<Arg<T>>,
  options: ReduceOptions<T> = {},
): TaskFuture<T> {
  const { arity = 2 } = options;
  const initial = 'initial' in options ? { value: options.initial } : undefined;
  const scope = currentScope(`reduce with '${task.definition.name}'`);
  return scope.reduce(task.definition, { items, arity, initial }, task.call) as TaskFuture<T>;
}
