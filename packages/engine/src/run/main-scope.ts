import { KeyTable, keyText, type EntryKind } from '@sidereal/core';
import { userCallSite } from '../call-site.ts';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import type {
  CallSite,
  CycleScope,
  LoopOptions,
  MapSource,
  ReduceSource,
  Scope,
  ScopeInfo,
} from '../scope.ts';
import { keyDigest } from '../data/digest.ts';
import type { FlowRun } from './flow-run.ts';
import { runGroup } from './group-body.ts';
import { runLoop } from './loop-body.ts';
import { startMap, type MapRunFuture } from './map-group.ts';
import { startReduce } from './reduce-group.ts';
import type { RunFuture } from './run-future.ts';
import type { RunNode } from './run-node.ts';
import { settledFuture } from './settled-future.ts';
import { flowEnded } from './scope-errors.ts';

/**
 * The scope of code that executes in the flow's own thread: a flow's or stage's body, a loop's cycle, an
 * inline task. One for each attempt.
 */
export class MainScope implements Scope {
  readonly run: FlowRun;
  readonly node: RunNode;
  readonly info: ScopeInfo;
  /** Made when first used: most tasks call nothing and record nothing. */
  #seen: KeyTable | undefined;
  #effects: Map<string, number> | undefined;
  #retained: RunNode[] | undefined;
  #dropped: { readonly error: unknown; readonly isTaken: () => boolean }[] | undefined;
  /** Depth that the next submission has at least. */
  depth: number;
  #isClosed = false;
  #signal: AbortSignal | undefined;

  constructor(run: FlowRun, node: RunNode) {
    this.run = run;
    this.node = node;
    this.info = {
      runId: run.id,
      key: node.key,
      name: node.name,
      attempt: Math.max(run.scheduler.attemptOf(this.owner.id), 1),
    };
    // What a task calls goes before tasks like it that have not begun: else all of them would begin, and wait.
    this.depth = run.scheduler.depthOf(node.id) + (node.work.type === 'task' ? 1 : 0);
  }

  /** Aborted when the task, stage or flow that the code belongs to should stop, or this group of it. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const { signal } = (this.node.controller ??= new AbortController());
      const { owner } = this;
      const of = (owner.controller ??= new AbortController()).signal;
      this.#signal = owner === this.node ? signal : AbortSignal.any([signal, of]);
    }
    return this.#signal;
  }

  /** The task, stage or flow whose code this is: groups and loops are parts of it. */
  get owner(): RunNode {
    let at = this.node;
    while (at.work.type === 'container' && at.parent !== undefined) at = at.parent;
    return at;
  }

  /** The attempt has failed or was given up: what its code still asks for is refused. */
  close(): void {
    this.#isClosed = true;
  }

  /** Counts equal calls, so that each has its own key. */
  get seen(): KeyTable {
    return (this.#seen ??= new KeyTable());
  }

  /** Code here has waited for something at this depth: what it submits next is deeper. */
  deepen(depth: number): void {
    if (depth >= this.depth) this.depth = depth + 1;
  }

  /** A future of this node was given to the code here: its value is kept while the code runs. */
  retained(node: RunNode): void {
    (this.#retained ??= []).push(node);
  }

  /** A call could not be submitted: a promise among its arguments rejected, or an input has no key. */
  callFailed(future: RunFuture, error: unknown): void {
    this.dropped(error, () => future.isHandled);
  }

  /** An error that nobody has taken care of so far. */
  dropped(error: unknown, isTaken: () => boolean): void {
    (this.#dropped ??= []).push({ error, isTaken });
  }

  /** Throws an error that nobody has taken care of. */
  assertCallsHandled(): void {
    const failed = this.#dropped?.find(({ isTaken }) => !isTaken());
    if (failed !== undefined) throw failed.error;
  }

  takeRetained(): RunNode[] {
    const retained = this.#retained ?? [];
    this.#retained = undefined;
    return retained;
  }

  call(task: TaskDefinition, args: readonly unknown[], call: CallSite): RunFuture {
    this.#assertOpen(`task '${task.name}'`, call);
    return this.run.calls.task(this, task, args, call);
  }

  stage(flow: FlowDefinition, input: unknown, call: CallSite): RunFuture {
    this.#assertOpen(`flow '${flow.name}'`, call);
    return this.run.calls.stage(this, flow, input, call);
  }

  map(target: TaskDefinition | FlowDefinition, source: MapSource, call: CallSite): MapRunFuture {
    this.#assertOpen(`${target.name}.map`, call);
    return startMap(this, target, source, call);
  }

  reduce(task: TaskDefinition, source: ReduceSource, call: CallSite): RunFuture {
    this.#assertOpen(`reduce with '${task.name}'`, call);
    return startReduce(this, task, source, call);
  }

  settled(future: PromiseLike<unknown>): PromiseLike<unknown> {
    this.#assertOpen('settled');
    return settledFuture(this, future);
  }

  loop<T>(name: string, options: LoopOptions, body: (cycle: CycleScope) => Promise<T>): PromiseLike<unknown> {
    this.#assertOpen(`loop '${name}'`);
    return runLoop(this, name, options, body);
  }

  group<T>(name: string, body: () => Promise<T>): PromiseLike<T> {
    this.#assertOpen(`group '${name}'`);
    return runGroup(this, name, body) as PromiseLike<T>;
  }

  say(kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void {
    // A flow's body runs again when it is resumed: what it logs is one line all the same.
    const isBodyLog = kind === 'log' && this.owner.work.type !== 'task';
    const name = isBodyLog ? `${String(body['level'])} ${String(body['message'])}` : once;
    if (name === undefined) {
      this.run.entry(this.node, kind, body, NO_KEY);
      return;
    }
    const key = this.#entryKey(kind, name);
    if (this.owner.work.type === 'task') {
      this.run.entry(this.node, kind, body, key);
      return;
    }
    const text = keyText(key);
    // A later attempt in this process says again what it logs; a resumed one does not.
    const before = isBodyLog ? this.run.resume?.effect(text) : this.run.repeats.effectOf(text);
    if (before !== undefined) return;
    if (!isBodyLog) this.run.repeats.rememberEffect(this.node, text, '');
    this.run.entry(this.node, kind, body, key);
  }

  effect<T>(call: string, read: () => T): T {
    // A task is run again as a whole, so what it reads from the outside world is read again.
    if (this.owner.work.type === 'task') return read();
    const key = this.#entryKey('effect', call);
    const text = keyText(key);
    const before = this.run.repeats.effectOf(text);
    if (before !== undefined) return (JSON.parse(before) as { value: T }).value;
    const value = read();
    this.run.repeats.rememberEffect(this.node, text, JSON.stringify({ call, value }));
    this.run.entry(this.node, 'effect', { call, value }, key);
    return value;
  }

  #entryKey(kind: string, name: string): Uint8Array {
    const identity = `${this.node.key}\n${kind}\n${name}`;
    const effects = (this.#effects ??= new Map<string, number>());
    const ordinal = effects.get(identity) ?? 0;
    effects.set(identity, ordinal + 1);
    return keyDigest(`${identity}\n${ordinal}`);
  }

  /** May its code still submit something? */
  get isOpen(): boolean {
    const { id } = this.node;
    return !this.#isClosed && id >= 0 && !this.run.scheduler.hasEnded(id);
  }

  #assertOpen(what: string, call?: CallSite): void {
    if (this.isOpen) return;
    throw flowEnded(what, this.node, call === undefined ? userCallSite()?.at : call.at());
  }
}

const NO_KEY = new Uint8Array(0);
