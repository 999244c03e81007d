import { SiderealError, type TriggerRule } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { MapFuture, TaskFuture } from '../future.ts';
import type { CallSite } from '../scope.ts';
import type { Arg, CallArgs } from './args.ts';
import { checkTaskOptions } from './check-options.ts';
import { currentScope } from './current-scope.ts';
import { definitionSite, register } from './definition-site.ts';
import type { TaskDefinition, TaskOptions } from './task-definition.ts';

/** Options of one call site: those of the task, and runs to come after. */
export interface CallOptions extends Omit<TaskOptions, 'name'> {
  /** Runs that must have ended (well, under `all_success`) before this one starts, without consuming them. */
  readonly after?: readonly PromiseLike<unknown>[];
}

/** Options of one `map`. */
export interface MapOptions<Item> {
  /** Identity of an item's run among its siblings; default: a hash of its arguments. */
  readonly key?: (item: Item, index: number) => string;
  /** Cancel the rest as soon as one item has failed for good; default: all items end first. */
  readonly failFast?: boolean;
}

/** Options whose trigger rule is inferred, for the types of arguments; all others are checked as they are. */
type Ruled<Options extends TaskOptions, When extends TriggerRule> = Omit<Options, 'when'> & {
  readonly when?: When;
};

/** Items to map over: at hand, arriving, or promised. */
export type Items<Item> = Iterable<Item> | AsyncIterable<Item> | PromiseLike<Iterable<Item>>;

/** A function that the engine schedules. Calling it in a flow submits a task run. */
export interface Task<Args extends readonly unknown[], Result, Rule extends TriggerRule = 'all_success'> {
  /** Submits a task run; started after the current tick, awaited or not. */
  (...args: CallArgs<Args, Rule>): TaskFuture<Result>;
  /**
   * Submits one task run an item, as one map group: a million items are pulled as the runs before them end,
   * never all at once. `args` turns an item into arguments; without it the item is the one argument.
   */
  map<Value>(
    items: MapFuture<Value>,
    args: (item: TaskFuture<Value>, index: number) => Readonly<CallArgs<Args, Rule>>,
    options?: MapOptions<TaskFuture<Value>>,
  ): MapFuture<Result>;
  map(items: MapFuture<Args[0]>, options?: MapOptions<TaskFuture<Args[0]>>): MapFuture<Result>;
  map<Item>(
    items: Items<Item>,
    args: (item: Item, index: number) => Readonly<CallArgs<Args, Rule>>,
    options?: MapOptions<Item>,
  ): MapFuture<Result>;
  map<Item extends Arg<Args[0]>>(items: Items<Item>, options?: MapOptions<Item>): MapFuture<Result>;
  map(items: Items<Arg<Args[0]>>, options?: MapOptions<Arg<Args[0]>>): MapFuture<Result>;
  /** The same task with other options: `gridChannel.with({ priority: 5 })(vis, c)`. */
  with<When extends TriggerRule = Rule>(options: Ruled<CallOptions, When>): Task<Args, Result, When>;
  /** What the registry holds of it. */
  readonly definition: TaskDefinition;
  /** Options of this call site, as `with` has set them. */
  readonly call: CallSite;
}

/**
 * Makes a task of a function.
 *
 * @example
 * const add = task({ name: 'add', retries: 2 }, (a: number, b: number) => a + b);
 * const sum = await add(add(1, 2), 3); // inside a flow: two task runs
 */
export function task<Args extends unknown[], Result, When extends TriggerRule = 'all_success'>(
  options: Ruled<TaskOptions, When>,
  fn: (...args: Args) => Result,
): Task<Args, Awaited<Result>, When>;
export function task<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
): Task<Args, Awaited<Result>>;
export function task(
  first: TaskOptions | ((...args: never[]) => unknown),
  second?: (...args: never[]) => unknown,
): unknown {
  const fn = typeof first === 'function' ? first : second;
  const options = typeof first === 'function' ? {} : first;
  const site = definitionSite();
  if (typeof fn !== 'function') {
    throw new SiderealError('INVALID_TASK', `task() needs a function, got ${typeof fn}`, {
      at: site.at,
      remedy: 'Write task({ …options }, function) or task(function).',
    });
  }
  const name = options.name ?? fn.name;
  if (name === '') {
    throw new SiderealError('INVALID_TASK', 'a task needs a name, and its function has none', {
      at: site.at,
      remedy: "Give it one: task({ name: 'grid-channel' }, …).",
    });
  }
  checkTaskOptions(name, options);
  const definition = register<TaskDefinition>({ kind: 'task', name, ...site, options, fn });
  return taskOf(definition, {}, []);
}

function taskOf(definition: TaskDefinition, overrides: TaskOptions, after: CallSite['after']): unknown {
  const call: CallSite = { overrides, after, at: () => userCallSite()?.at };
  const submit = (...args: unknown[]): unknown =>
    currentScope(`task '${definition.name}'`).call(definition, args, call);
  const map = (items: unknown, second?: unknown, third?: MapOptions<unknown>): unknown => {
    const args =
      typeof second === 'function' ? (second as (item: unknown, index: number) => unknown[]) : undefined;
    const options = (args === undefined ? (second as MapOptions<unknown> | undefined) : third) ?? {};
    return currentScope(`${definition.name}.map`).map(
      definition,
      { items, args, key: options.key, failFast: options.failFast ?? false },
      call,
    );
  };
  const withOptions = ({ after: more = [], ...rest }: CallOptions): unknown => {
    checkTaskOptions(definition.name, rest);
    return taskOf(definition, { ...overrides, ...rest }, [...after, ...more]);
  };
  return Object.assign(submit, { map, with: withOptions, definition, call });
}
