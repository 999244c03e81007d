/**
 * One flow run under way: the shell around core's scheduler. It performs the scheduler's instructions
 * (start, interrupt, settle, drop), records every transition, and feeds back what happened.
 *
 * The loop is `pump`: dispatch, then perform instructions until there are none. It runs in a microtask after
 * whatever submitted or ended something, and yields to timers and I/O every few milliseconds.
 */
import {
  FIRST_ENDED,
  Scheduler,
  STATE_CODE,
  type EntryKind,
  type Instruction,
  type Journal,
  type ReasonName,
} from '@sidereal/core';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import type { ResultFiles } from '../results/result-files.ts';
import { Attempts } from './attempts.ts';
import { Calls, MAX_OUTSTANDING } from './calls.ts';
import { Deadlines } from './deadlines.ts';
import { explainEnd, upstreamMessage } from './ended-errors.ts';
import { FutureHolds } from './future-holds.ts';
import type { ItemSource } from './item-source.ts';
import { longTimer } from './long-timer.ts';
import { MainScope } from './main-scope.ts';
import { NameTable } from './name-table.ts';
import { OpenCalls } from './open-calls.ts';
import type { Recorder } from './recorder.ts';
import { Repeats } from './repeats.ts';
import type { ResumeIndex } from './resume-index.ts';
import { Retirement } from './retirement.ts';
import { RunCounters } from './run-counters.ts';
import { timedOut, valueLost } from './run-errors.ts';
import { DURABLE, OUTSTANDING, RECOMPUTED, RETAINED, SETTLED, type RunNode } from './run-node.ts';
import { entryText } from './entry-text.ts';
import { makeRunner } from './make-runner.ts';
import { RunnerSet } from './runner-set.ts';
import { Values } from './values.ts';
import { Waiting } from './waiting.ts';

/** How long the loop may run before it lets timers and I/O have a turn, ms. */
const TURN_MS = 8;

export interface FlowRunOptions {
  readonly id: string;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly files: ResultFiles;
  readonly memoryBudget: number;
  readonly resume: ResumeIndex | undefined;
  readonly validate: boolean;
  readonly maxOutstandingCalls: number | undefined;
  /** The engine itself has failed: the run cannot go on here. */
  readonly onDefect: (error: unknown) => void;
}

export class FlowRun {
  readonly id: string;
  readonly scheduler: Scheduler;
  readonly recorder: Recorder;
  readonly resume: ResumeIndex | undefined;
  readonly runners: RunnerSet;
  readonly calls: Calls;
  readonly values: Values;
  readonly waiting: Waiting;
  readonly attempts: Attempts;
  readonly counters = new RunCounters();
  /** Flows and stages whose bodies execute, or wait. */
  readonly bodies = new Set<RunNode>();
  readonly deadlines = new Deadlines<RunNode>();
  readonly #names: NameTable;
  readonly #nodes: (RunNode | undefined)[] = [];
  readonly openCalls = new OpenCalls();
  readonly repeats = new Repeats(this);
  readonly retirement = new Retirement(this);
  readonly holds = new FutureHolds(this);
  readonly #paced = new Set<ItemSource>();
  #nextIdx: number;
  #pumping = false;
  #scheduled = false;
  #turnStart = performance.now();
  #closed = false;
  readonly #onDefect: (error: unknown) => void;

  constructor(options: FlowRunOptions) {
    this.id = options.id;
    this.recorder = options.recorder;
    this.resume = options.resume;
    this.#onDefect = options.onDefect;
    this.#nextIdx = options.resume?.snapshot.nodes.count ?? 0;
    this.scheduler = new Scheduler({
      memoryBudget: options.memoryBudget,
      validate: options.validate,
      mayGoAhead: (id) => {
        const work = this.#nodes[id]?.work;
        return work?.type === 'task' && this.runners.ofNode(id).mayGoAhead(work.definition);
      },
    });
    this.runners = new RunnerSet(this.scheduler, (choice) => makeRunner(this, choice));
    this.#names = new NameTable(options.recorder, options.resume?.snapshot.names ?? []);
    this.calls = new Calls(this, options.maxOutstandingCalls ?? MAX_OUTSTANDING);
    this.values = new Values(this, options.journal, options.files);
    this.waiting = new Waiting(this);
    this.attempts = new Attempts(this);
  }

  // ---- nodes ------------------------------------------------------------------------------------------

  nextIdx(): number {
    const idx = this.#nextIdx;
    this.#nextIdx += 1;
    return idx;
  }

  nameId(
    name: string,
    module: string,
    definition: TaskDefinition | FlowDefinition | undefined,
    runner = '',
    tags: readonly string[] = [],
  ): number {
    return this.#names.idOf(name, module, definition, runner, tags);
  }

  /** Has the code of a task or flow changed since the attempts that are being resumed? Warns once a name. */
  hasChangedCode(definition: TaskDefinition | FlowDefinition | undefined): boolean {
    return definition !== undefined && this.#names.hasChanged(definition);
  }

  /** Code that changed under a resumed run, to be told to people. */
  get changedCode(): readonly string[] {
    return this.#names.changed;
  }

  node(id: number): RunNode | undefined {
    return this.#nodes[id];
  }

  /** Gives a node its scheduler id. */
  adopted(node: RunNode, id: number): void {
    node.id = id;
    this.#nodes[id] = node;
    if (this.scheduler.hasInstructions) this.pump();
  }

  /** A node leaves the scheduler's memory and this one. */
  removed(node: RunNode): void {
    this.#nodes[node.id] = undefined;
    this.scheduler.forget(node.id);
    node.id = -1;
  }

  /** The scope of an attempt of a node whose code executes in this thread. */
  newScope(node: RunNode): MainScope {
    return new MainScope(this, node);
  }

  /** All nodes that the scheduler still knows. */
  *nodes(): Generator<RunNode> {
    for (const node of this.#nodes) if (node !== undefined) yield node;
  }

  /**
   * Records that a node which ended (or was under way) in an earlier execution of the run, after so many
   * attempts, begins again.
   */
  restart(node: RunNode, state: number, attempts: number): void {
    if (node.kind === 'task') this.counters.enter(node.stage.idx, -1, STATE_CODE.pending);
    if (state === STATE_CODE.pending) return;
    this.#record(node, attempts, STATE_CODE.pending, 'resumed', '');
  }

  /** Records that a node begins again because its parent's attempt does. */
  repeat(node: RunNode, before: RunNode): void {
    if (node.kind === 'task') this.counters.enter(node.stage.idx, before.state, STATE_CODE.pending);
    this.#record(node, this.scheduler.attemptOf(before.id), STATE_CODE.pending, 'parent_retried', '');
  }

  // ---- recording --------------------------------------------------------------------------------------

  /** Records something said or made while a node executes. */
  entry(node: RunNode, kind: EntryKind, body: Readonly<Record<string, unknown>>, key: Uint8Array): void {
    if (node.idx < 0 || this.#closed) return;
    this.recorder.records.entry({
      idx: node.idx,
      attempt: this.scheduler.attemptOf(node.id),
      kind,
      timeUs: this.recorder.now(),
      key,
      body: entryText(body),
    });
    this.recorder.touch();
  }

  /** Records a remark of the engine's own. */
  note(node: RunNode, body: Readonly<Record<string, unknown>>): void {
    this.entry(node, 'note', body, new Uint8Array(0));
  }

  /** Records a transition ahead of the scheduler's own, for ends that must be durable before they are seen. */
  recordEnd(node: RunNode, state: number, reason: ReasonName, message: string): void {
    this.#record(node, this.scheduler.attemptOf(node.id), state, reason, message);
    this.#recordedEnds.set(node, state);
  }

  /** Ends that are in the record before the scheduler knows of them. */
  readonly #recordedEnds = new Map<RunNode, number>();

  #record(node: RunNode, attempt: number, to: number, reason: ReasonName, message: string): void {
    if (node.idx < 0) return;
    this.recorder.records.transition({
      idx: node.idx,
      state: to,
      attempt,
      timeUs: this.recorder.now(),
      reason,
      message,
    });
    this.recorder.touch();
  }

  /** Items of this source are held back by a window, to be widened when nothing else can move. */
  pace(source: ItemSource): void {
    this.#paced.add(source);
  }

  /** Nothing runs and nothing is left to do, but windows hold items back: what has been taken may need them. */
  #widen(): void {
    if (!this.#isStuck()) return;
    for (const source of this.#paced) {
      if (source.isDone) this.#paced.delete(source);
      else if (source.isFull) source.widen();
    }
  }

  /** Does everything under way wait for runs that cannot start: no task runs, no retry is due, no body does anything else? */
  #isStuck(): boolean {
    const { scheduler } = this;
    if (scheduler.active > 0 || scheduler.isHeld || this.#timers.size > 0 || this.openCalls.size > 0)
      return false;
    for (const { id } of this.bodies) if ((scheduler.nodes.waiting[id] ?? 0) === 0) return false;
    return true;
  }

  // ---- the loop ---------------------------------------------------------------------------------------

  /** Schedules the loop; cheap to call again. */
  pump(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    if (performance.now() - this.#turnStart > TURN_MS) setImmediate(this.#turn);
    else queueMicrotask(this.#loop);
  }

  readonly #turn = (): void => {
    this.#turnStart = performance.now();
    this.#loop();
  };

  readonly #loop = (): void => {
    this.#scheduled = false;
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    try {
      do {
        this.runners.adjust();
        this.scheduler.dispatch();
        for (const instruction of this.scheduler.take()) this.#perform(instruction);
      } while (this.scheduler.hasInstructions && performance.now() - this.#turnStart <= TURN_MS);
    } catch (error) {
      this.#onDefect(error);
      return;
    } finally {
      this.#pumping = false;
    }
    if (this.scheduler.hasInstructions) this.pump();
    else if (this.#paced.size > 0) this.#widen();
  };

  #perform(instruction: Instruction): void {
    if (instruction.op === 'spill') {
      this.values.spill();
      this.scheduler.spillDone();
      this.pump();
      return;
    }
    const node = this.#nodes[instruction.id];
    if (node === undefined) return;
    switch (instruction.op) {
      case 'transition':
        this.#transition(node, instruction.to, instruction.reason, instruction.message);
        return;
      case 'drop':
        node.value = undefined;
        if (node.work.type === 'container' && !node.has(RETAINED)) node.work.unretained?.();
        if (node.parent?.work.type === 'container') node.parent.work.dropped?.(node);
        return;
      case 'resume': {
        const resumes = node.resumes ?? [];
        node.resumes = undefined;
        for (const resume of resumes) resume();
        return;
      }
      case 'wake':
        this.#wakeLater(node, instruction.delayMs);
        return;
      case 'withheld':
        this.note(node, { code: 'withheld', message: 'waits: the results alive exceed the memory budget' });
        return;
      case 'overshoot':
        this.note(node, {
          code: 'memory_overshoot',
          message: 'started beyond the memory budget, because nothing else could make progress',
          bytes: instruction.bytes,
        });
    }
  }

  #wakeLater(node: RunNode, delayMs: number): void {
    const { id } = node;
    const wake = (): void => {
      if (this.#nodes[id] !== node) return;
      this.scheduler.woken(id);
      this.pump();
    };
    if (delayMs <= 0) {
      wake();
      return;
    }
    const clear = longTimer(delayMs, () => {
      this.#timers.delete(clear);
      wake();
    });
    this.#timers.add(clear);
  }

  /** What clears the timers of retries that are due. */
  readonly #timers = new Set<() => void>();

  #transition(node: RunNode, to: number, reason: ReasonName, message: string): void {
    const from = node.state;
    node.state = to;
    if (node.kind === 'task' && node.idx >= 0) this.counters.enter(node.stage.idx, from, to);
    else if (node.work.type === 'flow') this.counters.enterStage(node.idx, to, Date.now());
    const text = to === STATE_CODE.upstream_failed ? upstreamMessage(this, node, message) : message;
    if (to >= FIRST_ENDED) explainEnd(this, node, to, reason, text);
    if (node.parent === undefined && (to === STATE_CODE.completed || to === STATE_CODE.failed))
      this.recordRemoved();
    if (to < FIRST_ENDED || this.#recordedEnds.get(node) !== to)
      this.#record(node, this.scheduler.attemptOf(node.id), to, reason, text);
    if (to >= FIRST_ENDED) this.#recordedEnds.delete(node);
    if (to >= FIRST_ENDED) this.#settle(node);
    else if (to === STATE_CODE.running || to === STATE_CODE.retrying) this.attempts.begin(node);
    else if (to === STATE_CODE.cancelling) this.attempts.stop(node, text);
  }

  #settle(node: RunNode): void {
    this.attempts.finished(node);
    node.set(SETTLED);
    this.values.came(node);
    this.repeats.ended(node);
    if (node.has(OUTSTANDING)) {
      node.clear(OUTSTANDING);
      this.calls.outstanding -= 1;
    }
    if (node.idx >= 0) this.retirement.slim(node);
    if (node.idx >= 0 && (node.has(DURABLE) || node.kind !== 'task')) node.upstream = [];
    const { waiters } = node;
    node.waiters = undefined;
    if (waiters !== undefined) for (const waiter of waiters) waiter();
    // Its code is over: the futures that it got are out of reach.
    if (node.scope !== undefined) for (const held of node.scope.takeRetained()) this.holds.release(held);
  }

  // ---- recomputation and the end ----------------------------------------------------------------------

  /** Runs a completed node again, because its value is needed and gone. */
  async recompute(node: RunNode): Promise<void> {
    // Under a run that is over it would only be cancelled, and its record says that it has completed.
    if (node.work.type === 'container' || !this.scheduler.acceptsChildren(topOf(node).id))
      throw valueLost(node);
    // Somebody else found it lost and it is on its way.
    if (!this.scheduler.hasEnded(node.id)) return;
    const nodes = this.calls.consumedBy(node);
    node.upstream = nodes;
    node.clear(SETTLED);
    node.set(RECOMPUTED);
    this.note(node, { code: 'recomputed', message: 'its value is needed again and was not kept' });
    this.scheduler.recompute(
      node.id,
      nodes.map(({ id }) => id),
    );
    this.pump();
  }

  /** Ends what was asked to stop and has not stopped; inline code cannot be interrupted, only ignored. */
  abandon(): void {
    for (const node of this.nodes()) {
      if (node.state === STATE_CODE.cancelling && !node.has(SETTLED)) this.attempts.abandon(node);
    }
    this.pump();
  }

  /** What a node's timeout does: its attempt ends as timed out. */
  expire(node: RunNode): void {
    this.attempts.interrupt(node, timedOut(node));
    this.pump();
  }

  /** Marks what the flow no longer calls as removed. */
  recordRemoved(): void {
    if (this.resume === undefined) return;
    const removed = STATE_CODE.removed;
    for (const idx of this.resume.untouched()) {
      this.recorder.records.transition({
        idx,
        state: removed,
        attempt: this.resume.snapshot.nodes.attempts[idx] ?? 0,
        timeUs: this.recorder.now(),
        reason: 'not_called',
        message: 'no longer called by the flow',
      });
    }
    this.recorder.touch();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const clear of this.#timers) clear();
    this.deadlines.close();
    this.recorder.close();
    await this.runners.close();
  }
}

/** The flow run that a node belongs to. */
function topOf(node: RunNode): RunNode {
  let top = node;
  while (top.parent !== undefined) top = top.parent;
  return top;
}
