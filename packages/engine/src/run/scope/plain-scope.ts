import { SiderealError } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isThenable, type Settled } from '../../future/future.ts';
import {
  performBy,
  type AuthorSide,
  type CallSite,
  type Operation,
  type OperationHandlers,
  type OperationKind,
  type OperationResults,
} from '../../context/operation.ts';
import { Scope } from '../../context/scope.ts';
import { plainOutcome, PlainMap } from './plain-map.ts';
import { treeOf } from '../groups/reduce-order.ts';
import { findFutures, replaceFutures } from '../../data/futures-in-values.ts';

/**
 * The scope of code that runs with no flow alive: a task is simply called, so that unit tests need no engine.
 * Nothing is scheduled, retried or recorded.
 */
class PlainScope extends Scope {
  readonly info = { runId: '', key: '', name: '', attempt: 1 };
  readonly signal = new AbortController().signal;

  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K] {
    return performBy(HANDLERS, this, operation);
  }
}

const HANDLERS: OperationHandlers<PlainScope> = {
  call: (_scope, { task, args, site }) => callPlainly(task, args, site),
  stage: (_scope, { flow }) =>
    Promise.reject(
      new SiderealError('INTERNAL', `flow '${flow.name}' reached the plain scope`, {
        remedy: 'This is a defect in Sidereal; report it.',
      }),
    ),
  map: (_scope, { target, source, site }) => {
    if (target.kind === 'flow') throw noFlow(target, site);
    const run = (item: unknown, index: number): Promise<Settled<unknown>> => {
      const args = source.args === undefined ? [item] : source.args(item, index);
      return plainOutcome(callPlainly(target, args, site));
    };
    return PlainMap.of(
      target.name,
      collect(source.items).then((items) => Promise.all(items.map(run))),
    );
  },
  reduce: async (_scope, { task, source }) => {
    const items = await Promise.all(await collect(source.items));
    if (source.initial !== undefined) items.unshift(source.initial.value);
    return treeOf(items, source.arity, (parts) => Promise.resolve(task.fn(...(parts as never[]))));
  },
  settled: (_scope, { future }) => plainOutcome(future),
  container: (scope, { body }) => body(scope),
  say: () => undefined,
  effect: (_scope, { read }) => read(),
};

export const plainScope: Scope = new PlainScope();

/** A task's function, called with its arguments as its trigger rule lets them arrive. */
async function callPlainly(
  task: TaskDefinition,
  args: readonly unknown[],
  { overrides, after }: CallSite,
): Promise<unknown> {
  const rule = overrides.when ?? task.options.when ?? 'all_success';
  const resolved = await arrived(args, rule === 'all_success' ? (value) => value : plainOutcome);
  await (rule === 'all_success' ? Promise.all(after) : Promise.allSettled(after));
  return Reflect.apply(task.fn, undefined, resolved as never[]);
}

/** Arguments with every promise in them replaced by what `wait` makes of it. Rejects if one does. */
async function arrived(
  args: readonly unknown[],
  wait: (promise: PromiseLike<unknown>) => PromiseLike<unknown>,
): Promise<unknown> {
  const promises = findFutures(args).filter((part) => isThenable(part));
  if (promises.length === 0) return args;
  const values = await Promise.all(promises.map(wait));
  const byPromise = new Map<unknown, unknown>(promises.map((promise, at) => [promise, values[at]]));
  return replaceFutures(args, (promise) => byPromise.get(promise));
}

function noFlow({ name }: FlowDefinition, site: CallSite): SiderealError {
  return new SiderealError('NO_FLOW', `flow '${name}' is mapped with no flow around it`, {
    at: site.at(),
    remedy: `Write a flow that calls ${name}.map(…), and call that: its stages share one run.`,
  });
}

/** Items of an iterable, async iterable or a promise of one, as an array. */
async function collect(items: unknown): Promise<unknown[]> {
  const source = isThenable(items) ? await items : items;
  return Array.fromAsync(source as AsyncIterable<unknown> | Iterable<unknown>);
}
