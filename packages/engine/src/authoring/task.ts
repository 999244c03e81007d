import { SiderealError, type TriggerRule } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { MapFuture, TaskFuture } from '../future/future.ts';
import type { CallSite, MapSource } from '../context/scope.ts';
import { checkOptions } from '../options/check-options.ts';
import { givenOptions } from '../options/given-options.ts';
import { previewValue } from '../results/preview.ts';
import type { Arg, CallArgs, SoleArg } from './args.ts';
import type { CallOverrides } from '../definitions/call-overrides.ts';
import type { CallOptions, MapOptions } from './call-options.ts';
import { currentScope } from './current-scope.ts';
import { definitionSite, register } from './definition-site.ts';
import { mapSource } from './map-source.ts';
import type { Resolved } from './resolved.ts';
import type { Items } from './map-items.ts';
import { TASK_CALL_OPTIONS, TASK_OPTIONS } from './task-option-rules.ts';
import type { TaskDefinition, TaskOptions } from '../definitions/task-definition.ts';

/** Options whose trigger rule is inferred, for the types of arguments; all others are checked as they are. */
type Ruled<Options extends TaskOptions, When extends TriggerRule> = Omit<Options, 'when'> & {
  readonly when?: When;
};

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
  map(items: MapFuture<SoleArg<Args>>, options?: MapOptions<TaskFuture<SoleArg<Args>>>): MapFuture<Result>;
  map<Item>(
    items: Items<Item>,
    args: (item: Item, index: number) => Readonly<CallArgs<Args, Rule>>,
    options?: MapOptions<Item>,
  ): MapFuture<Result>;
  map<Item extends Arg<SoleArg<Args>>>(items: Items<Item>, options?: MapOptions<Item>): MapFuture<Result>;
  map(items: Items<Arg<SoleArg<Args>>>, options?: MapOptions<Arg<SoleArg<Args>>>): MapFuture<Result>;
  /** The same task with other options: `gridChannel.with({ priority: 5 })(vis, c)`. */
  with<When extends TriggerRule = Rule>(options: Ruled<CallOptions, When>): Task<Args, Result, When>;
  /** What the registry holds of it. */
  readonly definition: TaskDefinition;
  /** Options of this call site, as `with` has set them. */
  readonly call: CallSite;
}

/**
 * Arguments and result of a function. Functions are taken as they are, without a signature for the compiler to
 * type their parameters by: so a default alone gives its parameter a type, and one without either is an error
 * where it stands.
 */
type ArgsOf<F> = F extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<F> = F extends (...args: never[]) => infer Result ? Resolved<Result> : never;

/**
 * Makes a task of a function.
 *
 * @example
 * const add = task({ name: 'add', retries: 2 }, (a: number, b: number) => a + b);
 * const sum = await add(add(1, 2), 3); // inside a flow: two task runs
 */
export function task<F extends CallableFunction, When extends TriggerRule = 'all_success'>(
  options: Ruled<TaskOptions, When>,
  fn: F,
): Task<ArgsOf<F>, ResultOf<F>, When>;
export function task<F extends CallableFunction>(fn: F): Task<ArgsOf<F>, ResultOf<F>>;
export function task(
  first: TaskOptions | ((...args: never[]) => unknown),
  second?: (...args: never[]) => unknown,
): unknown {
  const fn = typeof first === 'function' ? first : second;
  const options = typeof first === 'function' ? {} : first;
  const site = definitionSite();
  if (typeof fn !== 'function' || typeof options !== 'object' || options === null) {
    const given =
      typeof fn === 'function'
        ? `an object of options, got ${previewValue(options)}`
        : `a function, got ${previewValue(fn)}`;
    throw new SiderealError('INVALID_TASK', `task() needs ${given}`, {
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
  checkOptions(`task '${name}'`, TASK_OPTIONS, options);
  const definition = register<TaskDefinition>({
    kind: 'task',
    name,
    ...site,
    options: givenOptions(options),
    fn,
  });
  return taskOf(definition, {}, []);
}

function taskOf(definition: TaskDefinition, overrides: CallOverrides, after: CallSite['after']): unknown {
  const { name } = definition;
  const call: CallSite = { overrides, after, at: () => userCallSite()?.at };
  const submit = (...args: unknown[]): unknown => currentScope(`task '${name}'`).call(definition, args, call);
  const map = (
    items: unknown,
    second?: MapSource['args'] | MapOptions<unknown>,
    third?: MapOptions<unknown>,
  ): unknown => {
    const source = mapSource(`${name}.map`, items, second, third);
    return currentScope(`${name}.map`).map(definition, source, call);
  };
  const withOptions = (options: CallOptions): unknown => {
    checkOptions(`a call of task '${name}'`, TASK_CALL_OPTIONS, options);
    const { after: more = [], ...rest } = givenOptions(options);
    return taskOf(definition, { ...overrides, ...rest }, [...after, ...more]);
  };
  return Object.assign(submit, { map, with: withOptions, definition, call });
}
