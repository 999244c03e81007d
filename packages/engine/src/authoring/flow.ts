import { SiderealError } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import { userCallSite } from '../identity/call-site.ts';
import type { MapFuture, TaskFuture } from '../future/future.ts';
import { checkOptions } from '../options/check-options.ts';
import { givenOptions } from '../options/given-options.ts';
import { previewValue } from '../results/preview.ts';
import { startRun } from '../run/start-run.ts';
import type { CallSite, MapSource } from '../context/scope.ts';
import type { Arg } from './args.ts';
import type { CallOverrides } from '../definitions/call-overrides.ts';
import type { MapOptions, StageCallOptions } from './call-options.ts';
import { currentScope } from './current-scope.ts';
import { definitionSite, register } from './definition-site.ts';
import type { FlowDefinition, FlowOptions } from '../definitions/flow-definition.ts';
import type { FlowInput, FlowOutput } from './flow-schema.ts';
import type { FlowSchema } from '../definitions/flow-schema.ts';
import { FLOW_OPTIONS } from './flow-option-rules.ts';
import type { Items } from './map-items.ts';
import { mapSource } from './map-source.ts';
import type { Resolved } from './resolved.ts';
import { STAGE_CALL_OPTIONS } from './task-option-rules.ts';

/** An async function that composes tasks. Called in another flow it is a stage; called on its own, a run. */
export interface Flow<Input, Result> {
  (...input: [Input] extends [void] ? [] : [input: Arg<Input>]): TaskFuture<Result>;
  /** One stage an item, as one map group. `input` turns an item into the stage's input. */
  map<Value>(
    items: MapFuture<Value>,
    input: (item: TaskFuture<Value>, index: number) => Arg<Input>,
    options?: MapOptions<TaskFuture<Value>>,
  ): MapFuture<Result>;
  map<Item>(
    items: Items<Item>,
    input: (item: Item, index: number) => Arg<Input>,
    options?: MapOptions<Item>,
  ): MapFuture<Result>;
  map<Item extends Arg<Input>>(items: Items<Item>, options?: MapOptions<Item>): MapFuture<Result>;
  map(items: Items<Arg<Input>>, options?: MapOptions<Arg<Input>>): MapFuture<Result>;
  with(options: StageCallOptions): Flow<Input, Result>;
  readonly definition: FlowDefinition;
}

/**
 * Makes a flow of an async function. With an `input` schema (any Standard Schema) it takes one validated
 * argument; without, none.
 *
 * @example
 * const hello = flow({ name: 'hello', input: z.object({ who: z.string() }) }, async ({ who }) => greet(who));
 * if (import.meta.main) await hello({ who: 'world' });
 */
export function flow<S extends FlowSchema, Result>(
  options: FlowOptions & { readonly input: S },
  fn: (input: FlowOutput<S>) => Result,
): Flow<FlowInput<S>, Resolved<Result>>;
export function flow<Result>(
  options: FlowOptions & { readonly input?: never },
  fn: () => Result,
): Flow<void, Resolved<Result>>;
export function flow<Result>(fn: () => Result): Flow<void, Resolved<Result>>;
export function flow(
  first: FlowOptions | ((input: never) => unknown),
  second?: (input: never) => unknown,
): unknown {
  const fn = typeof first === 'function' ? first : second;
  const options = typeof first === 'function' ? {} : first;
  const site = definitionSite();
  if (typeof fn !== 'function' || typeof options !== 'object' || options === null) {
    const given =
      typeof fn === 'function'
        ? `an object of options, got ${previewValue(options)}`
        : `a function, got ${previewValue(fn)}`;
    throw new SiderealError('INVALID_FLOW', `flow() needs ${given}`, {
      at: site.at,
      remedy: 'Write flow({ …options }, async function) or flow(async function).',
    });
  }
  const name = options.name ?? fn.name;
  if (name === '') {
    throw new SiderealError('INVALID_FLOW', 'a flow needs a name, and its function has none', {
      at: site.at,
      remedy: "Give it one: flow({ name: 'image-cube' }, …).",
    });
  }
  checkOptions(`flow '${name}'`, FLOW_OPTIONS, options);
  const definition = register<FlowDefinition>({
    kind: 'flow',
    name,
    ...site,
    options: givenOptions(options),
    fn,
  });
  return flowOf(definition, {}, []);
}

function flowOf(definition: FlowDefinition, overrides: CallOverrides, after: CallSite['after']): unknown {
  const call: CallSite = { overrides, after, at: () => userCallSite()?.at };
  const submit = (input?: unknown): unknown => {
    const isStray = ambient.isRunnerThread && ambient.storage.getStore() === undefined;
    if (ambient.importing !== undefined || isStray) throw calledOnImport(definition, ambient.importing);
    if (ambient.storage.getStore() === undefined && !ambient.isRunnerThread) {
      // A promise of its own: that nobody takes a rejection of it is an error of the program, as of any other call.
      return startRun(definition, input).result.then((value) => value);
    }
    return currentScope(`flow '${definition.name}'`).stage(definition, input, call);
  };
  const map = (
    items: unknown,
    second?: MapSource['args'] | MapOptions<unknown>,
    third?: MapOptions<unknown>,
  ): unknown => {
    const { args: toInput, ...source } = mapSource(`${definition.name}.map`, items, second, third);
    const args =
      toInput === undefined ? undefined : (item: unknown, index: number): unknown[] => [toInput(item, index)];
    return currentScope(`${definition.name}.map`).map(definition, { ...source, args }, call);
  };
  const withOptions = (options: StageCallOptions): unknown => {
    checkOptions(`a call of flow '${definition.name}'`, STAGE_CALL_OPTIONS, options);
    const { after: more = [], ...rest } = givenOptions(options);
    return flowOf(definition, { ...overrides, ...rest }, [...after, ...more]);
  };
  return Object.assign(submit, { map, with: withOptions, definition });
}

function calledOnImport(definition: FlowDefinition, module: string | undefined): SiderealError {
  return new SiderealError(
    'FLOW_CALLED_ON_IMPORT',
    `flow '${definition.name}' is called by ${module ?? 'its module'} itself, which is only being imported`,
    {
      at: userCallSite()?.at,
      remedy: 'Start flows only in the program that is run: if (import.meta.main) await myFlow(…).',
    },
  );
}
