import type { EntryKind } from '@sidereal/core';
import type { FlowDefinition } from '../../authoring/flow-definition.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { userCallSite } from '../../call-site.ts';
import type {
  CallSite,
  CycleScope,
  LoopOptions,
  MapSource,
  ReduceSource,
  Scope,
  ScopeInfo,
} from '../../scope.ts';
import { flowEnded } from '../calls/call-errors.ts';
import type { Calls } from '../calls/calls.ts';
import type { RunFuture } from '../futures/run-future.ts';
import { runGroup } from '../groups/group-body.ts';
import type { GroupParts } from '../groups/group-parts.ts';
import { runLoop } from '../groups/loop-body.ts';
import type { MapRunFuture } from '../groups/map-future.ts';
import { startReduce } from '../groups/reduce-group.ts';
import { settledFuture } from '../groups/settled-future.ts';
import { startMap } from '../groups/start-map.ts';
import { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { KeyedEntries, type EntryParts } from './keyed-entries.ts';

export interface ScopeParts extends EntryParts {
  readonly runId: string;
  readonly calls: Calls;
  readonly groups: GroupParts;
}

/**
 * The scope of code that executes in the flow's own thread: a flow's or stage's body, a loop's cycle, an
 * inline task. One for each attempt.
 */
export class MainScope extends CodeScope implements Scope {
  readonly info: ScopeInfo;
  readonly #parts: ScopeParts;
  #entries: KeyedEntries | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: ScopeParts, node: RunNode) {
    const { scheduler } = parts.groups.loop;
    super(node, scheduler.depthOf(node.id));
    this.#parts = parts;
    this.info = {
      runId: parts.runId,
      key: node.key,
      name: node.name,
      attempt: Math.max(scheduler.attemptOf(this.owner.id), 1),
    };
  }

  /** Aborted when the task, stage or flow that the code belongs to should stop, or this group of it. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const { attempts } = this.#parts.groups;
      const own = attempts.signalOf(this.node);
      this.#signal = this.owner === this.node ? own : AbortSignal.any([own, attempts.signalOf(this.owner)]);
    }
    return this.#signal;
  }

  call(task: TaskDefinition, args: readonly unknown[], call: CallSite): RunFuture {
    this.#assertOpen(`task '${task.name}'`, call);
    return this.#parts.calls.task(this, task, args, call);
  }

  stage(flow: FlowDefinition, input: unknown, call: CallSite): RunFuture {
    this.#assertOpen(`flow '${flow.name}'`, call);
    return this.#parts.calls.stage(this, flow, input, call);
  }

  map(target: TaskDefinition | FlowDefinition, source: MapSource, call: CallSite): MapRunFuture {
    this.#assertOpen(`${target.name}.map`, call);
    return startMap(this.#parts.groups, this, target, source, call);
  }

  reduce(task: TaskDefinition, source: ReduceSource, call: CallSite): RunFuture {
    this.#assertOpen(`reduce with '${task.name}'`, call);
    return startReduce(this.#parts.groups, this, task, source, call);
  }

  settled(future: PromiseLike<unknown>): PromiseLike<unknown> {
    this.#assertOpen('settled');
    return settledFuture(this.#parts.groups, this, future);
  }

  loop<T>(name: string, options: LoopOptions, body: (cycle: CycleScope) => Promise<T>): PromiseLike<unknown> {
    this.#assertOpen(`loop '${name}'`);
    return runLoop(this.#parts.groups, this, name, options, body);
  }

  group<T>(name: string, body: () => Promise<T>): PromiseLike<T> {
    this.#assertOpen(`group '${name}'`);
    return runGroup(this.#parts.groups, this, name, body) as PromiseLike<T>;
  }

  say(kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    this.#keyed.say(kind, body, once);
  }

  effect<T>(call: string, read: () => T): T {
    return this.#keyed.effect(call, read);
  }

  get #keyed(): KeyedEntries {
    return (this.#entries ??= new KeyedEntries(this.#parts, this));
  }

  #assertOpen(what: string, call?: CallSite): void {
    if (this.#parts.groups.loop.isOpen(this)) return;
    throw flowEnded(what, this.node, call === undefined ? userCallSite()?.at : call.at());
  }
}
