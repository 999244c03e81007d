import type { SiderealError } from '@sidereal/core';
import { userCallSite } from '../../identity/call-site.ts';
import {
  performBy,
  type AuthorSide,
  type CallSite,
  type Operation,
  type OperationHandlers,
  type OperationKind,
  type OperationResults,
  type ScopeInfo,
} from '../../context/operation.ts';
import { Scope } from '../../context/scope.ts';
import { flowEnded } from '../calls/call-errors.ts';
import type { Calls } from '../calls/calls.ts';
import { runBody } from '../groups/body-container.ts';
import type { GroupParts } from '../groups/group-parts.ts';
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
export class MainScope extends Scope {
  /** What the code has submitted and holds. */
  readonly code: CodeScope;
  readonly #parts: ScopeParts;
  readonly #attempt: number;
  #keyedEntries: KeyedEntries | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: ScopeParts, node: RunNode) {
    super();
    const { scheduler } = parts.groups.loop;
    this.#parts = parts;
    this.code = new CodeScope(node, scheduler.depthOf(node.id), this);
    this.#attempt = Math.max(scheduler.attemptOf(this.code.owner.id), 1);
  }

  /** Made when asked for: most tasks do not ask. */
  get info(): ScopeInfo {
    const { key, name } = this.code.node;
    return { runId: this.#parts.runId, key, name, attempt: this.#attempt };
  }

  /** Aborted when the task, stage or flow that the code belongs to should stop, or this group of it. */
  get signal(): AbortSignal {
    // Of an attempt that is over: what is asked for by the node's name would be a later attempt's.
    if (this.#signal === undefined && this.code.isClosed)
      return AbortSignal.abort(this.#tooLate('run.signal'));
    if (this.#signal === undefined) {
      const { attempts } = this.#parts.groups;
      const { node, owner } = this.code;
      const own = attempts.signalOf(node);
      this.#signal = owner === node ? own : AbortSignal.any([own, attempts.signalOf(owner)]);
    }
    return this.#signal;
  }

  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K] {
    return performBy(MainScope.#handlers, this, operation);
  }

  static readonly #handlers: OperationHandlers<MainScope> = {
    call: (scope, { task, args, site }) => {
      scope.#assertOpen(`task '${task.name}'`, site);
      return scope.#parts.calls.task(scope.code, task, args, site);
    },
    stage: (scope, { flow, input, site }) => {
      scope.#assertOpen(`flow '${flow.name}'`, site);
      return scope.#parts.calls.stage(scope.code, flow, input, site);
    },
    map: (scope, { target, source, site }) => {
      scope.#assertOpen(`${target.name}.map`, site);
      return startMap(scope.#parts.groups, scope.code, target, source, site);
    },
    reduce: (scope, { task, source, site }) => {
      scope.#assertOpen(`reduce with '${task.name}'`, site);
      return startReduce(scope.#parts.groups, scope.code, task, source, site);
    },
    settled: (scope, { future }) => {
      scope.#assertOpen('settled');
      return settledFuture(scope.#parts.groups, scope.code, future);
    },
    container: (scope, { container, name, identity, body }) => {
      scope.#assertOpen(`${container} '${name}'`);
      return runBody(scope.#parts.groups, scope.code, container, name, identity, body);
    },
    say: (scope, operation) => {
      scope.#assertCounts(operation.entry);
      scope.#entries.say(operation);
    },
    effect: (scope, operation) => {
      scope.#assertCounts(operation.call);
      return scope.#entries.effect(operation);
    },
  };

  get #entries(): KeyedEntries {
    return (this.#keyedEntries ??= new KeyedEntries(this.#parts, this.code));
  }

  #assertOpen(what: string, call?: CallSite): void {
    if (this.#parts.groups.loop.isOpen(this.code)) return;
    throw this.#tooLate(what, call);
  }

  /** What code says once its attempt has failed, or was given up, would be taken for a later attempt's. */
  #assertCounts(what: string): void {
    // Code elsewhere still has its grace: there is no later attempt before it has ended.
    if (this.code.isClosed && !this.code.isElsewhere) throw this.#tooLate(what);
  }

  #tooLate(what: string, call?: CallSite): SiderealError {
    return flowEnded(what, this.code.node, call === undefined ? userCallSite()?.at : call.at());
  }
}
