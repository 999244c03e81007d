import type { EntryKind } from '@sidereal/core';
import type { FlowDefinition } from '../definitions/flow-definition.ts';
import type { TaskDefinition } from '../definitions/task-definition.ts';
import { performLoop, type CycleScope, type LoopOptions } from './loop-operation.ts';
import type {
  AuthorSide,
  CallSite,
  MapSource,
  Operation,
  OperationKind,
  OperationResults,
  OperationPerformer,
  ReduceSource,
  ScopeInfo,
} from './operation.ts';

export type { CycleScope, LoopOptions } from './loop-operation.ts';
export type { CallSite, MapSource, ReduceSource, ScopeInfo } from './operation.ts';

/**
 * The run that the calling code belongs to, found through async context. Each authoring function calls one method
 * here, and each method performs one operation. One implementation performs them in the flow's own thread (`run/`),
 * another sends them there from wherever task code executes (`runners/remote/`), a third works with no flow alive.
 */
export abstract class Scope implements OperationPerformer {
  abstract readonly info: ScopeInfo;
  abstract readonly signal: AbortSignal;
  abstract perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K];

  call(task: TaskDefinition, args: readonly unknown[], site: CallSite): PromiseLike<unknown> {
    return this.perform({ kind: 'call', task, args, site });
  }

  stage(flow: FlowDefinition, input: unknown, site: CallSite): PromiseLike<unknown> {
    return this.perform({ kind: 'stage', flow, input, site });
  }

  map(target: TaskDefinition | FlowDefinition, source: MapSource, site: CallSite): PromiseLike<unknown> {
    return this.perform({ kind: 'map', target, source, site });
  }

  reduce(task: TaskDefinition, source: ReduceSource, site: CallSite): PromiseLike<unknown> {
    return this.perform({ kind: 'reduce', task, source, site });
  }

  settled(future: PromiseLike<unknown>): PromiseLike<unknown> {
    return this.perform({ kind: 'settled', future });
  }

  loop<T>(name: string, options: LoopOptions, body: (cycle: CycleScope) => Promise<T>): PromiseLike<unknown> {
    return performLoop(this, name, options, body);
  }

  group(name: string, body: () => Promise<unknown>): PromiseLike<unknown> {
    return this.perform({ kind: 'container', container: 'group', name, identity: [], body });
  }

  say(entry: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    this.perform({ kind: 'say', entry, body, once });
  }

  effect<T>(call: string, read: () => T): T {
    // What was recorded under this call was read by it.
    return this.perform({ kind: 'effect', call, read }) as T;
  }
}
