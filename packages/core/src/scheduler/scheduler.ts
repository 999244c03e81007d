/**
 * The scheduler of one flow run: a state machine without clock, chance or I/O. Events come in as method
 * calls, instructions go out through {@link Scheduler.take}; the shell performs them and reports back.
 *
 * **Life of a node.** `submit` puts it in `pending` with an edge from each node that it consumes or comes
 * after. Every ended upstream is tallied and its trigger rule decides: wait, start, skip or upstream_failed.
 * Ready nodes wait in their pool (`queued`); `dispatch` starts them in the order of (user priority, depth,
 * submission), within the pool's slots, named resources and the memory budget. `attemptEnded` ends the attempt; the node
 * itself ends once its children have, then tells its consumers, frees what it consumed and counts itself in
 * its parent.
 *
 * **Containers** (flows, stages, maps, loops) take no slot; they run from the moment they are ready.
 *
 * **Waiting.** A task that waits for what it called yields its slot and is `waiting`. It reacquires one before
 * the last thing that it waits for is delivered, and goes on (`continue`); no nesting can deadlock.
 *
 * **Handled failures.** A failed node is handled when something consumes it or the shell says so (`handle`). A
 * node whose body succeeded fails if a child's failure is unhandled.
 *
 * **Claims.** What a node needs to start: a slot in its pool and those around it, named resources, memory for what
 * it is expected to make. A node that lacks one stays queued, and the shell is told which. What it needs of
 * resources and memory is kept for it as it comes free; others pass with what is left beyond that.
 *
 * **Memory.** Values are dropped when the last consumer has ended and nobody holds them. Whatever would add to what
 * is alive is withheld while it does not fit the budget; what frees as much as it makes goes before, within a
 * headroom. When nothing runs and nothing may start, the shell is asked to spill, then the deepest withheld node
 * starts regardless and the overshoot is reported.
 *
 * **Parts.** Columns of nodes and edges; `graph-builder` (adds to them), `family` (parents, children, handled
 * failures), `dependencies` (edges, tallies, rules), `value-memory` (what is alive or reserved), `claims` (named
 * resources), `dispatcher` and `admission` (who goes next), `yielded-slots` (who waits), `lifecycle` (from submission to end, and what follows from it),
 * `lost-values` (what is computed again). This file is the events and the questions.
 */
import type { ReasonName } from '../states/reason.ts';
import { STATE_CODE, type StateCode } from '../states/state.ts';
import type { Claims } from './claims.ts';
import { Dependencies } from './dependencies.ts';
import { Dispatcher } from './dispatcher.ts';
import { Edges } from './edges.ts';
import { Family } from './family.ts';
import { GraphBuilder } from './graph-builder.ts';
import { InstructionQueue } from './instruction-queue.ts';
import type { AttemptOutcome, Instruction, Submission } from './instructions.ts';
import { checkInvariants } from './invariants.ts';
import { Lifecycle, type SchedulerParts } from './lifecycle.ts';
import { LostValues } from './lost-values.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { NodeQuestions } from './node-questions.ts';
import { NodeStates } from './node-states.ts';
import { ALIVE, SLOTTED } from './node-columns.ts';
import { useSlots, type Pool } from './pool.ts';
import type { ReadyQueue } from './ready-queue.ts';
import { ValueMemory } from './value-memory.ts';
import { YieldedSlots } from './yielded-slots.ts';

export interface SchedulerOptions {
  /** Bytes of results that may be alive or expected before what would make more is withheld. */
  readonly memoryBudget: number;
  /** What a run is taken to make of whose name nothing is known yet; default nothing. */
  readonly unknownBytes?: number;
  /** May a node start though its pool has no free slot, where {@link Scheduler.setAhead} left room? All may. */
  readonly mayGoAhead?: (id: number) => boolean;
  /** Check every invariant after every event (slow; for tests and debugging). */
  readonly validate?: boolean;
}

const S = STATE_CODE;

export class Scheduler extends NodeQuestions {
  readonly edges = new Edges();
  readonly memory: MemoryLedger;
  readonly #queue = new InstructionQueue();
  readonly #family = new Family(this.nodes);
  readonly #values: ValueMemory;
  readonly #dispatcher: Dispatcher;
  readonly #slots: YieldedSlots;
  readonly #builder: GraphBuilder;
  readonly #life: Lifecycle;
  readonly #lost: LostValues;
  readonly #validate: boolean;
  #isHeld = false;

  constructor(options: SchedulerOptions) {
    super();
    const { nodes, edges } = this;
    const queue = this.#queue;
    const family = this.#family;
    this.#validate = options.validate ?? false;
    this.memory = new MemoryLedger(options.memoryBudget, options.unknownBytes ?? 0);
    const dependencies = new Dependencies(nodes, edges);
    const states = new NodeStates(nodes, queue);
    const values = new ValueMemory(nodes, edges, this.memory, queue);
    const dispatcher = new Dispatcher(nodes, values, queue, options.mayGoAhead ?? (() => true));
    const slots = new YieldedSlots(nodes, states, dispatcher);
    const parts: SchedulerParts = {
      nodes,
      family,
      dependencies,
      values,
      dispatcher,
      states,
      slots,
      queue,
    };
    this.#values = values;
    this.#dispatcher = dispatcher;
    this.#slots = slots;
    this.#builder = new GraphBuilder(nodes, family, dependencies);
    this.#life = new Lifecycle(parts);
    this.#lost = new LostValues(parts, this.#builder, this.#life);
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

  /** A node takes its slot in this pool from now on, unless it waits for one where it is. */
  move(id: number, to: number): void {
    const { nodes, pools } = this;
    const before = pools[nodes.pool[id] ?? -1];
    const after = pools[to];
    if (before === undefined || after === undefined || (nodes.heapAt[id] ?? -1) >= 0) return;
    nodes.pool[id] = to;
    if (!nodes.has(id, SLOTTED)) return;
    useSlots(before, -1);
    useSlots(after, 1);
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
    const id = this.#builder.add(submission);
    this.#builder.connect(id, submission.consumes, submission.after);
    this.#life.admit(id);
    this.#propagate();
    return id;
  }

  /**
   * A node that an earlier attempt of the run has ended: it enters that state at once, without a transition.
   * Its value is absent until `loaded`.
   */
  adopt(submission: Submission, state: StateCode, attempt: number): number {
    const { nodes } = this;
    const id = this.#builder.add(submission);
    for (const from of submission.consumes) this.handle(from);
    for (const from of submission.after) this.handle(from);
    nodes.attempt[id] = attempt;
    nodes.state[id] = state;
    this.#family.detach(id);
    this.#life.countFailure(id);
    this.#propagate();
    return id;
  }

  /** Starts what may start. To be called after a burst of events. */
  dispatch(): void {
    if (this.#isHeld) return;
    for (;;) {
      for (let id = this.#dispatcher.next(); id >= 0; id = this.#dispatcher.next()) this.#life.start(id);
      const id = this.#dispatcher.nextBeyondBudget();
      if (id < 0) break;
      this.#life.start(id);
    }
    this.#dispatcher.sayLacks();
    this.#propagate();
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
    this.#propagate();
  }

  /**
   * A node ends so whatever its code does or has returned, once its children have ended, which are stopped. What has
   * ended stays as it is.
   */
  giveUp(id: number, outcome: Exclude<AttemptOutcome, { readonly type: 'completed' }>): void {
    if (this.nodes.isOpen(id)) this.#life.attemptEnded(id, outcome);
    else this.#life.overrule(id, outcome);
    this.#propagate();
  }

  /** A wake that an instruction asked for is due. */
  woken(id: number): void {
    if (this.nodes.state[id] === S.awaiting_retry) this.#life.ready(id);
    this.#propagate();
  }

  /** Stop it and everything beneath: what has not begun ends, what is active is interrupted. */
  cancel(id: number, reason: ReasonName, message: string): void {
    this.#life.stop([id], reason, message);
    this.#propagate();
  }

  /** Cancels what a container has submitted and not ended, and nothing else (fail-fast maps). */
  cancelChildren(id: number, reason: ReasonName, message: string): void {
    this.#life.stopChildren(id, reason, message);
    this.#propagate();
  }

  /** The run waits for one thing more; while it waits for any it holds no slot. */
  wait(id: number): void {
    if (!this.nodes.isOpen(id)) return;
    this.#slots.wait(id);
    this.#propagate();
  }

  /**
   * One of the things that it waited for has come. Returns whether it may go on now; otherwise `continue`
   * follows when it has a slot again.
   */
  unwait(id: number): boolean {
    if (!this.nodes.isOpen(id)) return true;
    const mayGoOn = this.#slots.unwait(id);
    this.#propagate();
    return mayGoOn;
  }

  /** The shell holds so many bytes beside results: they count in the budget. */
  holdsBeside(bytes: number): void {
    this.memory.beside = bytes;
  }

  /** Somebody takes care of its failure, should it fail. */
  handle(id: number): void {
    this.#family.handle(id);
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
    this.#values.spilled(id);
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
    if (!this.nodes.hasEnded(id) || this.nodes.has(id, ALIVE)) return;
    this.#lost.recompute(id, consumes);
    this.#propagate();
  }

  /**
   * A run that was about to execute lacks this input: it waits for its end again, without a slot and whatever
   * its rule. If the producer has ended and is not in memory, `recompute` of it must follow.
   */
  inputLost(id: number, producer: number): void {
    if (!this.nodes.isOpen(id)) return;
    this.#lost.inputLost(id, producer);
    this.#propagate();
  }

  /**
   * Frees a node that nobody will name again; its id is reused. Ignored unless it has ended, its value has been
   * dropped and nothing consumes or holds it.
   */
  forget(id: number): void {
    const { nodes } = this;
    if (!nodes.hasEnded(id) || nodes.has(id, ALIVE) || this.needOf(id) > 0 || nodes.isFreed(id)) return;
    this.#family.uncountChildren(id);
    this.#family.uncount(id);
    nodes.release(id);
  }

  // ---- questions --------------------------------------------------------------------------------------

  /** The instructions since the last call, in order. */
  take(): Instruction[] {
    return this.#queue.take();
  }

  get hasInstructions(): boolean {
    return !this.#queue.isEmpty;
  }

  /** Nodes that hold a slot. */
  get active(): number {
    return this.#dispatcher.active;
  }

  get pools(): readonly Pool[] {
    return this.#dispatcher.pools;
  }

  /** Where ready nodes wait. */
  get queues(): readonly ReadyQueue[] {
    return this.#dispatcher.queues;
  }

  /** Named resources, and the sets of claims on them. */
  get claims(): Claims {
    return this.#dispatcher.claims;
  }

  /** Consumers that have not ended, and holders. */
  needOf(id: number): number {
    return this.#values.needOf(id);
  }

  /** May it still get children? */
  acceptsChildren(id: number): boolean {
    return this.#life.acceptsChildren(id);
  }

  // ---- inside -----------------------------------------------------------------------------------------

  #propagate(): void {
    this.#life.propagate();
    if (this.#validate) checkInvariants(this);
  }
}
