import { SiderealError } from '@sidereal/core';
import { ambient, registryKey } from '../../ambient.ts';
import type { FlowDefinition } from '../../authoring/flow-definition.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import type { RemoteCall, RemoteFuture } from '../../runners/runner.ts';
import type { CallSite } from '../../scope.ts';
import { isNest } from '../../data/resolve-deep.ts';
import { MapRunFuture } from '../groups/map-future.ts';
import { asError } from '../record/failure.ts';
import type { MainScope } from './main-scope.ts';

/** Calls that tasks make from other threads: submitted here, under the task's own scope. */
export class RemoteCalls {
  /** Futures of each job's calls, by their numbers; or why a call could not be made. */
  readonly #calls = new Map<number, Map<number, PromiseLike<unknown>>>();

  submit(scope: MainScope, job: number, call: RemoteCall): void {
    let calls = this.#calls.get(job);
    if (calls === undefined) this.#calls.set(job, (calls = new Map<number, PromiseLike<unknown>>()));
    try {
      calls.set(call.call, this.#submit(scope, call, calls));
    } catch (error) {
      const rejected = Promise.reject(asError(error));
      rejected.catch(() => undefined);
      calls.set(call.call, rejected);
    }
  }

  awaited(scope: MainScope, job: number, call: number, item: number | undefined): Promise<unknown> {
    const future = this.#future(
      { '@sidereal/call': call, ...(item === undefined ? {} : { item }) },
      this.#calls.get(job),
    );
    return ambient.storage.run(scope, async () => future);
  }

  /** The job has ended: nobody asks for its calls any more. */
  forget(job: number): void {
    this.#calls.delete(job);
  }

  #submit(
    scope: MainScope,
    call: RemoteCall,
    calls: Map<number, PromiseLike<unknown>>,
  ): PromiseLike<unknown> {
    const site: CallSite = {
      overrides: call.overrides,
      after: call.after.map((number) => this.#future({ '@sidereal/call': number }, calls)),
      at: () => call.at,
    };
    const args = this.#revive(call.args, calls) as readonly unknown[];
    switch (call.verb) {
      case 'settled':
        return scope.settled(args[0] as PromiseLike<unknown>);
      case 'task':
        return scope.call(this.#find(call, 'task') as TaskDefinition, args, site);
      case 'stage':
        return scope.stage(this.#find(call, 'flow') as FlowDefinition, args[0], site);
      case 'map':
        return this.#map(scope, call, args, site);
      case 'reduce': {
        const options = args[1] as { arity: number; initial?: { value: unknown } };
        const source = { items: args[0], arity: options.arity, initial: options.initial };
        return scope.reduce(this.#find(call, 'task') as TaskDefinition, source, site);
      }
    }
  }

  #map(scope: MainScope, call: RemoteCall, args: readonly unknown[], site: CallSite): PromiseLike<unknown> {
    const options = args[1] as { failFast: boolean; keys?: readonly string[] };
    const { keys } = options;
    const source = {
      items: args[0],
      args: Array.isArray(args[0])
        ? (item: unknown): readonly unknown[] => item as readonly unknown[]
        : undefined,
      key:
        keys === undefined
          ? undefined
          : (_item: unknown, index: number): string => keys[index] ?? String(index),
      failFast: options.failFast,
    };
    return scope.map(this.#find(call), source, site);
  }

  #find(call: RemoteCall, kind?: 'task' | 'flow'): TaskDefinition | FlowDefinition {
    const found = ambient.registry.get(registryKey(call.module, call.name));
    if (found !== undefined && (kind === undefined || found.kind === kind)) return found;
    throw new SiderealError('TASK_NOT_FOUND', `the flow's thread knows no '${call.name}' of ${call.module}`, {
      at: call.at,
      remedy: 'Import the module that defines it from the flow too, and define it at module level.',
    });
  }

  #future(
    reference: RemoteFuture,
    calls: Map<number, PromiseLike<unknown>> | undefined,
  ): PromiseLike<unknown> {
    const future = calls?.get(reference['@sidereal/call']);
    const { item } = reference;
    if (future !== undefined && item === undefined) return future;
    if (future instanceof MapRunFuture && item !== undefined) return future.group.itemFuture(item);
    throw new SiderealError(
      'INTERNAL',
      `a task awaits its call ${reference['@sidereal/call']}, which it has not made`,
      {
        remedy: 'This is a defect in Sidereal; report it with the run id.',
      },
    );
  }

  /** Arguments with the futures that stand in them. */
  #revive(value: unknown, calls: Map<number, PromiseLike<unknown>>): unknown {
    if (isRemoteFuture(value)) return this.#future(value, calls);
    if (Array.isArray(value)) return value.map((item) => this.#revive(item, calls));
    if (!isNest(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#revive(item, calls)]));
  }
}

function isRemoteFuture(value: unknown): value is RemoteFuture {
  return typeof value === 'object' && value !== null && '@sidereal/call' in value;
}
