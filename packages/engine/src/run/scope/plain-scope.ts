import { SiderealError } from '@sidereal/core';
import type { FlowDefinition } from '../../authoring/flow-definition.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { isThenable, type Settled } from '../../future.ts';
import type { CallSite, CycleScope, LoopOptions, MapSource, ReduceSource, Scope } from '../../scope.ts';
import { plainOutcome, PlainMap } from './plain-map.ts';
import { treeOf } from '../groups/reduce-order.ts';
import { awaitDeep } from '../../data/resolve-deep.ts';

/**
 * The scope of code that runs with no flow alive: a task is simply called, so that unit tests need no engine.
 * Nothing is scheduled, retried or recorded.
 */
export const plainScope: Scope = {
  info: { runId: '', key: '', name: '', attempt: 1 },
  signal: new AbortController().signal,

  call(task: TaskDefinition, args: readonly unknown[], site: CallSite): Promise<unknown> {
    return callPlainly(task, args, site);
  },

  stage(flow: FlowDefinition): Promise<unknown> {
    return Promise.reject(
      new SiderealError('INTERNAL', `flow '${flow.name}' reached the plain scope`, {
        remedy: 'This is a defect in Sidereal; report it.',
      }),
    );
  },

  map(target, source: MapSource, site: CallSite): PlainMap {
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

  async reduce(task: TaskDefinition, source: ReduceSource): Promise<unknown> {
    const items = await Promise.all(await collect(source.items));
    if (source.initial !== undefined) items.unshift(source.initial.value);
    return treeOf(items, source.arity, (parts) => Promise.resolve(task.fn(...(parts as never[]))));
  },

  settled: plainOutcome,

  async loop<T>(
    _name: string,
    options: LoopOptions,
    body: (cycle: CycleScope) => Promise<T>,
  ): Promise<unknown> {
    let value: T | undefined;
    let reason: string | undefined;
    let cycles = 0;
    while (cycles < options.max && reason === undefined) {
      const cycle: CycleScope = {
        index: cycles,
        metric: () => undefined,
        exit: (why) => {
          reason = why;
        },
      };
      value = await body(cycle);
      cycles += 1;
    }
    return { value, cycles, reason: reason ?? 'max' };
  },

  group: (_name, body) => body(),
  say: () => undefined,
  effect: (_call, read) => read(),
};

/** A task's function, called with its arguments as its trigger rule lets them arrive. */
async function callPlainly(
  task: TaskDefinition,
  args: readonly unknown[],
  { overrides, after }: CallSite,
): Promise<unknown> {
  const rule = overrides.when ?? task.options.when ?? 'all_success';
  const resolved =
    rule === 'all_success' ? await awaitDeep(args, (value) => value) : await awaitDeep(args, plainOutcome);
  await (rule === 'all_success' ? Promise.all(after) : Promise.allSettled(after));
  return Reflect.apply(task.fn, undefined, resolved as never[]);
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
