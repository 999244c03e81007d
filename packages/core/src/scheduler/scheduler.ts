/**
 * The scheduler of one flow run: a state machine without clock, chance or I/O. Events come in as method
 * calls, instructions go out through {@link Scheduler.take}; the shell performs them and reports back.
 *
 * **Life of a node.** `submit` puts it in `pending` with an edge from each node that it consumes or comes
 * after. Every ended upstream is tallied and its trigger rule decides: wait, start, skip or upstream_failed.
 * Ready nodes wait in their pool (`queued`); `dispatch` starts them in the order of (user priority, depth,
 * submission), within the pool's slots and the memory budget. `attemptEnded` ends the attempt; the node
 * itself ends once its children have, then tells its consumers, frees what it consumed and counts itself in
 * its parent.
 *
 * **Containers** (flows, stages, maps, loops) take no slot; they run from the moment they are ready.
 *
 * **Parking.** A run that waits for its children holds no slot. It gets one again before the last thing that
 * it waits for is delivered; no nesting can deadlock.
 *
 * **Duty.** A failed node is handled when something consumes it or the shell says so (`handle`). A node whose
 * body succeeded fails if a child's failure is unhandled.
 *
 * **Memory.** Values are dropped when the last consumer has ended and nobody holds them. Producers are
 * withheld while values alive exceed the budget; when nothing else can move, the shell is asked to spill,
 * then the oldest withheld producer starts regardless and the overshoot is reported.
 *
 * **Parts.** Columns of nodes and edges; `family` (parents, children, duty), `dependencies` (edges, tallies,
 * rules), `value-memory` (what is alive or reserved), `dispatcher` (who goes next), `lifecycle` (from submission
 * to end, and what follows from it). This file is the events and the questions.
 */
import type { ReasonName } from '../states/reason.ts';
import { STATE_CODE, type StateCode } from '../states/state.ts';
import { Dependencies } from './dependencies.ts';
import { Dispatcher } from './dispatcher.ts';
import { EDGE_DATA, Edges } from './edges.ts';
import { Family } from './family.ts';
import type { AttemptOutcome, Instruction, Submission } from './instructions.ts';
import { checkInvariants } from './invariants.ts';
import { Lifecycle } from './lifecycle.ts';
import { MemoryLedger } from './memory-ledger.ts';
import {
  ALIVE,
  CONTAINER,
  HANDLED,
  NodeColumns,
  PRODUCER,
  RESUMING,
  SLOTTED,
  STOPPING,
} from './node-columns.ts';
import { Outbox } from './outbox.ts';
import type { Pool } from './pool.ts';
import { ValueMemory } from './value-memory.ts';

export interface SchedulerOptions {
  /** Bytes of results that may be alive before producers are withheld. */
  readonly memoryBudget: number;
  /** May a node start though its pool has no free slot, where {@link Scheduler.setAhead} left room? All may. */
  readonly mayGoAhead?: (id: number) => boolean;
  /** Check every invariant after every event (slow; for tests and debugging). */
  readonly validate?: boolean;
}

const S = STATE_CODE;

export class Scheduler {
  readonly nodes = new NodeColumns();
  readonly edges = new Edges();
  readonly memory: MemoryLedger;
  readonly #outbox = new Outbox();
  readonly #family = new Family(this.nodes);
  readonly #dependencies = new Dependencies(this.nodes, this.edges);
  readonly #values: ValueMemory;
  readonly #dispatcher: Dispatcher;
  readonly #life: Lifecycle;
  readonly #validate: boolean;
  #seq = 0;
  #isHeld = false;

  constructor(options: SchedulerOptions) {
    const { nodes } = this;
    this.#validate = options.validate ?? false;
    this.memory = new MemoryLedger(options.memoryBudget);
    this.#values = new ValueMemory(nodes, this.memory, this.#outbox);
    const mayGoAhead = options.mayGoAhead ?? (() => true);
    this.#dispatcher = new Dispatcher(nodes, this.#values, this.#outbox, mayGoAhead);
    this.#life = new Lifecycle({
      nodes,
      family: this.#family,
      dependencies: this.#dependencies,
      values: this.#values,
      dispatcher: this.#dispatcher,
      outbox: this.#outbox,
    });
  }

  // ---- events -----------------------------------------------------------------------------------------

  /** A pool of slots; `parent` is a pool that must have a free slot too, or -1. */
  addPool(capacity: number, parent = -1): number {
    return this.#dispatcher.addPool(capacity, parent);
  }

  /** Slots of a pool from now on; those in use beyond that are not taken back. */
  setCapacity(pool: number, capacity: number): void {
    const found = this.pools[pool];
    if (found !== undefined) found.capacity = capacity;
  }

  /** How many nodes beyond a pool's slots may go ahead from now on; those that have are not taken back. */
  setAhead(pool: number, ahead: number): void {
    const found = this.pools[pool];
    if (found !== undefined) found.ahead = ahead;
  }

  /**
   * A new node; it may start at the next `dispatch`. Under a parent that is being stopped, or whose attempt is
   * over, it ends as cancelled at once.
   */
  submit(submission: Submission): number {
    const id = this.#create(submission);
    this.#connect(id, submission.consumes, submission.after);
    this.#life.admit(id);
    this.#settle();
    return id;
  }

  /**
   * A node that an earlier attempt of the run has ended: it enters that state at once, without a transition.
   * Its value is absent until `loaded`.
   */
  adopt(submission: Submission, state: StateCode, attempt: number): number {
    const { nodes } = this;
    const id = this.#create(submission);
    for (const from of submission.consumes) this.handle(from);
    for (const from of submission.after) this.handle(from);
    nodes.attempt[id] = attempt;
    nodes.state[id] = state;
    this.#family.detach(id);
    this.#life.countFailure(id);
    this.#settle();
    return id;
  }

  /** Starts what may start. To be called after a burst of events. */
  dispatch(): void {
    if (this.#isHeld) return;
    for (let id = this.#dispatcher.next(); id >= 0; id = this.#dispatcher.next()) this.#life.start(id);
    const id = this.#dispatcher.nextBeyondBudget();
    if (id >= 0) this.#life.start(id);
    this.#settle();
  }

  /** Starts nothing until `release`: the journal is full or too far behind. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /**
   * An attempt's code has ended. The node ends (or waits for its retry) once its children have. Whatever else
   * is said of an attempt that is over is ignored.
   */
  attemptEnded(id: number, outcome: AttemptOutcome): void {
    if (!this.nodes.isOpen(id)) return;
    this.#life.attemptEnded(id, outcome);
    this.#settle();
  }

  /** A wake that an instruction asked for is due. */
  woken(id: number): void {
    if (this.nodes.state[id] === S.awaiting_retry) this.#life.ready(id);
    this.#settle();
  }

  /** Stop it and everything beneath: waiting nodes end, active ones are interrupted. */
  cancel(id: number, reason: ReasonName, message: string): void {
    this.#life.stop([id], reason, message);
    this.#settle();
  }

  /** Cancels what a container has submitted and not ended, and nothing else (fail-fast maps). */
  cancelChildren(id: number, reason: ReasonName, message: string): void {
    this.#life.stopChildren(id, reason, message);
    this.#settle();
  }

  /** The run waits for one thing more; while it waits for any it holds no slot. */
  wait(id: number): void {
    const { nodes } = this;
    if (!nodes.isOpen(id)) return;
    nodes.waiting[id] = (nodes.waiting[id] ?? 0) + 1;
    this.#dispatcher.freeSlot(id);
    this.#life.stopResuming(id);
    this.#settle();
  }

  /**
   * One of the things that it waited for has come. Returns whether it may go on now; otherwise `resume`
   * follows when it has a slot again.
   */
  unwait(id: number): boolean {
    const { nodes } = this;
    if (!nodes.isOpen(id)) return true;
    const left = Math.max((nodes.waiting[id] ?? 0) - 1, 0);
    nodes.waiting[id] = left;
    if (left > 0 || nodes.has(id, CONTAINER | SLOTTED | STOPPING)) return true;
    if (!nodes.has(id, RESUMING)) {
      nodes.set(id, RESUMING);
      this.#dispatcher.enqueue(id);
    }
    this.#settle();
    return false;
  }

  /** Somebody takes care of its failure, should it fail. */
  handle(id: number): void {
    this.nodes.set(id, HANDLED);
    this.#family.uncount(id);
  }

  /** Somebody other than a consumer needs its value. */
  retain(id: number): void {
    this.nodes.holders[id] = (this.nodes.holders[id] ?? 0) + 1;
  }

  /** That need is over. */
  unretain(id: number): void {
    this.nodes.holders[id] = (this.nodes.holders[id] ?? 1) - 1;
    this.#values.dropUnneeded(id);
  }

  /** An absent value is in memory again, read from the record. To be retained, or it stays for good. */
  loaded(id: number, bytes: number): void {
    if (this.nodes.hasEnded(id) && !this.nodes.has(id, ALIVE)) this.#values.keep(id, bytes);
  }

  /** A value was moved out of memory; it is absent until `loaded`. */
  spilled(id: number): void {
    this.#values.lose(id);
  }

  /** The shell has spilled what it could. */
  spillDone(): void {
    this.#dispatcher.spillDone();
  }

  /**
   * A completed node's value is gone for good and somebody needs it: it runs again, consuming what it
   * consumed. It counts as a child of the run itself from now on, because its parent may have ended.
   */
  recompute(id: number, consumes: readonly number[]): void {
    const { nodes } = this;
    if (!nodes.hasEnded(id) || nodes.has(id, ALIVE)) return;
    nodes.clear(id, STOPPING);
    this.#family.pardonChildren(id);
    this.#family.uncount(id);
    this.#family.moveToTop(id);
    this.#family.attach(id);
    this.#dependencies.reset(id);
    this.#life.move(id, S.pending, 'value_lost', 'its value is needed again and was not kept');
    this.#connect(id, consumes, []);
    this.#life.admit(id);
    this.#settle();
  }

  /**
   * A run that was about to execute lacks this input: it waits for its end again, without a slot and whatever
   * its rule. If the producer has ended and is not in memory, `recompute` of it must follow.
   */
  inputLost(id: number, producer: number): void {
    const { nodes } = this;
    if (!nodes.isOpen(id)) return;
    this.#life.leaveSlot(id);
    this.#values.unreserve(id);
    if (nodes.has(id, STOPPING)) {
      this.#life.end(id, S.cancelled, 'cancelled', 'stopped on request');
    } else {
      nodes.attempt[id] = Math.max((nodes.attempt[id] ?? 1) - 1, 0);
      this.#life.move(id, S.pending, 'input_lost', 'an input is being computed again');
      if (!nodes.hasEnded(producer) || !nodes.has(producer, ALIVE)) this.#dependencies.lose(id, producer);
      this.#life.evaluate(id);
    }
    this.#settle();
  }

  /**
   * Frees a node that nobody will name again; its id is reused. Ignored unless it has ended, its value has been
   * dropped and nothing consumes or holds it.
   */
  forget(id: number): void {
    const { nodes } = this;
    if (!nodes.hasEnded(id) || nodes.has(id, ALIVE) || this.needOf(id) > 0 || nodes.isFreed(id)) return;
    this.#family.pardonChildren(id);
    this.#family.uncount(id);
    nodes.release(id);
  }

  // ---- questions --------------------------------------------------------------------------------------

  /** The instructions since the last call, in order. */
  take(): Instruction[] {
    return this.#outbox.take();
  }

  get hasInstructions(): boolean {
    return !this.#outbox.isEmpty;
  }

  /** Nodes that hold a slot. */
  get active(): number {
    return this.#dispatcher.active;
  }

  get pools(): readonly Pool[] {
    return this.#dispatcher.pools;
  }

  stateOf(id: number): StateCode {
    return this.nodes.state[id] ?? S.pending;
  }

  attemptOf(id: number): number {
    return this.nodes.attempt[id] ?? 0;
  }

  depthOf(id: number): number {
    return this.nodes.depth[id] ?? 0;
  }

  hasEnded(id: number): boolean {
    return this.nodes.hasEnded(id);
  }

  hasSucceeded(id: number): boolean {
    return this.nodes.hasSucceeded(id);
  }

  isAlive(id: number): boolean {
    return this.nodes.has(id, ALIVE);
  }

  isStopping(id: number): boolean {
    return this.nodes.has(id, STOPPING);
  }

  /** Consumers that have not ended, and holders. */
  needOf(id: number): number {
    return this.#values.needOf(id);
  }

  /** May it still get children? */
  acceptsChildren(id: number): boolean {
    return this.#life.acceptsChildren(id);
  }

  unhandledOf(id: number): number {
    return this.nodes.unhandled[id] ?? 0;
  }

  isHandled(id: number): boolean {
    return this.nodes.has(id, HANDLED);
  }

  /** Children whose failure nobody has taken care of, in the order of their submission. */
  unhandledChildren(id: number): number[] {
    const { nodes } = this;
    const children: number[] = [];
    for (let child = nodes.firstCounted[id] ?? -1; child >= 0; child = nodes.nextSibling[child] ?? -1)
      children.push(child);
    return children.sort((a, b) => (nodes.seq[a] ?? 0) - (nodes.seq[b] ?? 0));
  }

  /** A child that has not ended, or -1. */
  openChildOf(id: number): number {
    return this.nodes.firstChild[id] ?? -1;
  }

  // ---- inside -----------------------------------------------------------------------------------------

  #settle(): void {
    this.#life.settle();
    if (this.#validate) checkInvariants(this);
  }

  #create(submission: Submission): number {
    const { nodes } = this;
    const id = nodes.allocate();
    nodes.rule[id] = submission.rule;
    nodes.pool[id] = submission.pool;
    nodes.priority[id] = submission.priority;
    nodes.seq[id] = this.#seq;
    this.#seq += 1;
    nodes.parent[id] = submission.parent;
    let depth = submission.depth;
    for (const from of submission.consumes) depth = Math.max(depth, (nodes.depth[from] ?? 0) + 1);
    for (const from of submission.after) depth = Math.max(depth, (nodes.depth[from] ?? 0) + 1);
    nodes.depth[id] = depth;
    nodes.attempt[id] = submission.attempts ?? 0;
    nodes.flags[id] =
      (submission.pool < 0 ? CONTAINER : 0) |
      (submission.consumes.length === 0 ? PRODUCER : 0) |
      (submission.handled ? HANDLED : 0);
    nodes.nameId[id] = submission.nameId;
    nodes.declared[id] = submission.declaredBytes;
    this.#family.attach(id);
    return id;
  }

  #connect(id: number, consumes: readonly number[], after: readonly number[]): void {
    for (const from of consumes) {
      this.handle(from);
      this.#dependencies.connect(from, id, EDGE_DATA);
    }
    for (const from of after) {
      this.handle(from);
      this.#dependencies.connect(from, id, 0);
    }
  }
}
