import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { MapFuture, TaskFuture } from '../future/future.ts';
import { checkOptions } from '../options/check-options.ts';
import { previewValue } from '../results/preview.ts';
import type { Arg } from './args.ts';
import { REDUCE_OPTIONS } from './call-option-rules.ts';
import type { ReduceOptions } from './call-options.ts';
import { currentScope } from './current-scope.ts';
import { assertItems, type Items } from './map-items.ts';
import { mostArguments } from './most-arguments.ts';
import type { Task } from './task.ts';
import type { TaskDefinition } from '../definitions/task-definition.ts';

/** How many items one run of a task of these arguments can combine: any number, or `2 | 3`. */
type Arity<Args extends readonly unknown[]> = Exclude<Args['length'], 0 | 1>;

/** What may follow the items: options, if a run of the task can combine two of what it gives. */
type Combining<T, Args extends readonly unknown[]> = [T, T] extends Args
  ? [options?: ReduceOptions<T, Arity<Args>>]
  : [refused: 'the task must be one that takes two of what it gives'];

/**
 * Combines items as a tree, in input order: the same tree as pairing adjacent items level by level, built
 * while the items come, in bounded memory. Rejects `EMPTY_REDUCE` if there is nothing to combine.
 *
 * Throws `INVALID_REDUCE` for what is no task, `INVALID_OPTION` for an `arity` that the task's function cannot
 * take, `NOT_ITERABLE` for what holds no items.
 *
 * @example
 * const planes = gridChannel.map(channels, (c) => [vis, c]);
 * const sum = await reduce(addImages, planes);
 */
export function reduce<T, Args extends readonly unknown[]>(
  task: Task<Args, T>,
  items: MapFuture<NoInfer<T>> | Items<Arg<NoInfer<T>>>,
  ...options: Combining<NoInfer<T>, Args>
): TaskFuture<T>;
export function reduce(
  task: Task<readonly unknown[], unknown>,
  items: unknown,
  options: ReduceOptions<unknown> = {},
): unknown {
  assertTask(task);
  const { definition } = task;
  const what = `reduce with '${definition.name}'`;
  checkOptions(what, REDUCE_OPTIONS, options);
  const { arity = 2 } = options;
  assertArity(definition, arity);
  assertItems(items, what);
  const initial =
    options.initial === undefined && !('initial' in options) ? undefined : { value: options.initial };
  return currentScope(what).reduce(definition, { items, arity, initial }, task.call);
}

function assertTask(task: unknown): void {
  if (typeof task === 'function' && 'definition' in task && 'call' in task) return;
  throw new SiderealError('INVALID_REDUCE', `reduce was given ${previewValue(task)} to combine items with`, {
    at: userCallSite()?.at,
    remedy: 'Give a task first, then the items: reduce(task(add), items).',
  });
}

/** Throws for a task that would leave out all items of a group beyond those that it has parameters for. */
function assertArity({ name, fn, at }: TaskDefinition, arity: number): void {
  const most = mostArguments(Function.prototype.toString.call(fn));
  if (arity <= most) return;
  throw new SiderealError(
    'INVALID_OPTION',
    `arity of reduce with '${name}' is ${arity}, and the function of '${name}' takes ${most === 1 ? '1 argument' : `${most} arguments`}`,
    {
      at: userCallSite()?.at,
      remedy:
        most >= 2
          ? `Leave arity out to combine pairs, or let the function take any number: (...items) => … (${at}).`
          : `Reduce with a task that takes two items and gives one: (a, b) => … (${at}).`,
    },
  );
}
