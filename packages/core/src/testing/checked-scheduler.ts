/**
 * A scheduler whose every instruction is checked against a slow model of what it should do, one that looks at
 * all nodes and all dependencies each time instead of counting (shadow-graph.ts, shadow-order.ts,
 * trigger-definitions.ts). Each method sends one event, has the instructions that follow judged
 * (instruction-check.ts), then compares everything that can be asked. Throws an Error that says what is wrong.
 */
import type { Claim } from '../scheduler/claims.ts';
import type { AttemptOutcome, Submission } from '../scheduler/instructions.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { STATE_CODE, type StateCode } from '../states/state.ts';
import { InstructionCheck } from './instruction-check.ts';
import { ShadowGraph, type ShadowSubmission } from './shadow-graph.ts';
import type { ShadowNode } from './shadow-node.ts';
import { mayGoAhead } from './shadow-pools.ts';

export class CheckedScheduler {
  readonly scheduler: Scheduler;
  readonly graph: ShadowGraph;
  /** Every instruction so far, as text: what determinism is judged by. */
  readonly story: string[] = [];
  readonly #check: InstructionCheck;

  constructor(budget: number, unknown: number) {
    this.graph = new ShadowGraph(budget, unknown);
    this.#check = new InstructionCheck(this.graph);
    this.scheduler = new Scheduler({
      memoryBudget: budget,
      unknownBytes: unknown,
      validate: true,
      mayGoAhead,
    });
  }

  get nodes(): readonly ShadowNode[] {
    return this.graph.nodes;
  }

  get isHeld(): boolean {
    return this.#check.isHeld;
  }

  /** Hears of every transition, once it has been judged. */
  hearTransitions(hear: (from: StateCode, to: StateCode) => void): void {
    this.#check.onTransition = hear;
  }

  get isSpilling(): boolean {
    return this.#check.isSpilling;
  }

  addPool(capacity: number, parent = -1): number {
    this.graph.pools.push({ capacity, ahead: 0, parent, used: 0 });
    return this.scheduler.addPool(capacity, parent);
  }

  addResource(capacity: number): number {
    this.graph.resources.push({ capacity, used: 0 });
    return this.scheduler.claims.addResource('resource', capacity);
  }

  claimSet(claims: readonly Claim[]): number {
    const set = this.scheduler.claims.setOf(claims);
    this.graph.claimSets[set] = claims;
    return set;
  }

  setCapacity(pool: number, capacity: number): void {
    const found = this.graph.pools[pool];
    if (found !== undefined) found.capacity = capacity;
    this.scheduler.setCapacity(pool, capacity);
    this.#absorb();
  }

  setAhead(pool: number, ahead: number): void {
    const found = this.graph.pools[pool];
    if (found !== undefined) found.ahead = ahead;
    this.scheduler.setAhead(pool, ahead);
    this.#absorb();
  }

  submit(shadow: ShadowSubmission): ShadowNode {
    const submission = plain(shadow);
    const node = this.graph.add(this.scheduler.submit(submission), shadow, submission);
    this.graph.connect(node, shadow.consumes, shadow.after);
    node.attempt = submission.attempts ?? 0;
    if (shadow.parent?.acceptsChildren === false) node.mustStop = true;
    this.#absorb();
    return node;
  }

  adopt(shadow: ShadowSubmission, state: StateCode, attempt: number): ShadowNode {
    const submission = plain(shadow);
    const node = this.graph.add(this.scheduler.adopt(submission, state, attempt), shadow, submission);
    for (const from of [...shadow.consumes, ...shadow.after]) from.isHandled = true;
    node.attempt = attempt;
    node.state = state;
    node.roundOfParent = node.parent?.round ?? -1;
    this.#absorb();
    return node;
  }

  dispatch(): void {
    this.#check.isDispatching = true;
    this.scheduler.dispatch();
    this.#absorb();
    this.#check.isDispatching = false;
    if (!this.isHeld) this.#check.assertNothingLeft();
  }

  hold(): void {
    this.#check.isHeld = true;
    this.scheduler.hold();
    this.#absorb();
  }

  release(): void {
    this.#check.isHeld = false;
    this.scheduler.release();
    this.#absorb();
  }

  attemptEnded(node: ShadowNode, outcome: AttemptOutcome): void {
    if (node.isOpen) {
      node.phase = 'done';
      node.outcome = outcome;
      node.waits = 0;
      node.isReacquiring = false;
      this.graph.freeSlot(node);
      if (outcome.type !== 'completed') for (const child of this.childrenOf(node)) this.graph.stop(child);
    }
    this.scheduler.attemptEnded(node.id, outcome);
    this.#absorb();
  }

  woken(node: ShadowNode): void {
    node.wakes -= 1;
    this.scheduler.woken(node.id);
    this.#absorb();
  }

  cancel(node: ShadowNode): void {
    this.graph.stop(node);
    this.scheduler.cancel(node.id, 'cancelled', 'cancelled by a test');
    this.#absorb();
  }

  cancelChildren(node: ShadowNode): void {
    for (const child of this.childrenOf(node)) this.graph.stop(child);
    this.scheduler.cancelChildren(node.id, 'cancelled', 'cancelled by a test');
    this.#absorb();
  }

  wait(node: ShadowNode): void {
    if (node.isOpen) {
      node.waits += 1;
      node.isReacquiring = false;
      this.graph.freeSlot(node);
    }
    this.scheduler.wait(node.id);
    this.#absorb();
  }

  /** Returns whether the code may go on. */
  unwait(node: ShadowNode): boolean {
    let expected = true;
    if (node.isOpen) {
      node.waits -= 1;
      expected = node.waits > 0 || node.isContainer || node.mustStop;
      node.isReacquiring = !expected;
    }
    const mayGoOn = this.scheduler.unwait(node.id);
    same(node, 'going on', mayGoOn, expected);
    this.#absorb();
    return mayGoOn;
  }

  handle(node: ShadowNode): void {
    node.isHandled = true;
    this.scheduler.handle(node.id);
    this.#absorb();
  }

  retain(node: ShadowNode): void {
    node.holders += 1;
    this.scheduler.retain(node.id);
    this.#absorb();
  }

  unretain(node: ShadowNode): void {
    node.holders -= 1;
    this.scheduler.unretain(node.id);
    this.#absorb();
  }

  loaded(node: ShadowNode, bytes: number): void {
    if (node.hasEnded && !node.isAlive) {
      node.isLoading = false;
      node.isAlive = true;
      node.bytes = bytes;
    }
    this.scheduler.loaded(node.id, bytes);
    this.#absorb();
  }

  spilled(node: ShadowNode): void {
    if (node.isAlive && node.bytes > 0) this.graph.hasSpilled = true;
    node.isAlive = false;
    this.graph.forgetExcess();
    this.scheduler.spilled(node.id);
    this.#absorb();
  }

  spillDone(): void {
    this.#check.isSpilling = false;
    this.#check.hasSpilled = true;
    this.scheduler.spillDone();
    this.#absorb();
  }

  /** The inputs of a node that gathers them are all there. */
  gathered(node: ShadowNode): void {
    if (node.phase !== 'gathering') throw new Error(`${node.name} does not gather`);
    node.phase = 'body';
  }

  inputLost(node: ShadowNode, producer: ShadowNode): void {
    if (!node.mustStop) {
      node.attempt -= 1;
      const isBack = producer.hasEnded && producer.isAlive;
      for (const edge of node.inputs) {
        if (edge.from !== producer || !edge.isData || isBack) continue;
        edge.end = undefined;
        edge.isLost = true;
      }
    }
    node.phase = 'none';
    node.reserved = 0;
    this.graph.freeSlot(node);
    this.#pend(node, () => this.scheduler.inputLost(node.id, producer.id));
  }

  recompute(node: ShadowNode, consumes: readonly ShadowNode[]): void {
    const [root] = this.nodes;
    node.parent = root;
    node.round += 1;
    node.mustStop = root?.acceptsChildren === false;
    node.isLoading = false;
    this.graph.connect(node, consumes, []);
    const ids = consumes.map(({ id }) => id);
    this.#pend(node, () => this.scheduler.recompute(node.id, ids));
  }

  forget(node: ShadowNode): void {
    this.graph.remove(node);
    this.scheduler.forget(node.id);
    this.#absorb();
  }

  /** Sends something that must change nothing. */
  ignored(send: (scheduler: Scheduler) => void): void {
    send(this.scheduler);
    if (this.scheduler.hasInstructions)
      throw new Error(`answered by ${JSON.stringify(this.scheduler.take())}`);
    this.#absorb();
  }

  childrenOf(parent: ShadowNode): ShadowNode[] {
    return this.graph.childrenOf(parent);
  }

  needOf(node: ShadowNode): number {
    return this.graph.needOf(node);
  }

  // ---- inside -----------------------------------------------------------------------------------------

  /** Sends an event by which a node goes back to pending. */
  #pend(node: ShadowNode, send: () => void): void {
    this.#check.mayPend = node;
    send();
    this.#absorb();
    this.#check.mayPend = undefined;
  }

  #absorb(): void {
    for (const instruction of this.scheduler.take()) {
      this.story.push(JSON.stringify(instruction));
      this.#check.perform(instruction);
    }
    // What nobody needs any more is not waited for.
    for (const node of this.nodes) if (this.graph.needOf(node) === 0) node.isLoading = false;
    for (const node of this.nodes) this.#compare(node);
    this.#compareTotals();
  }

  #compare(node: ShadowNode): void {
    const { scheduler, graph } = this;
    const { id } = node;
    const need = graph.needOf(node);
    same(node, 'state', scheduler.stateOf(id), node.state);
    same(node, 'attempt', scheduler.attemptOf(id), node.attempt);
    same(node, 'depth', scheduler.depthOf(id), node.depth);
    same(node, 'handled', scheduler.isHandled(id), node.isHandled);
    same(node, 'alive', scheduler.isAlive(id), node.isAlive);
    if (!node.hasEnded) same(node, 'stopping', scheduler.isStopping(id), node.mustStop);
    same(node, 'need', scheduler.needOf(id), need);
    same(node, 'unhandled', scheduler.unhandledOf(id), graph.unhandledOf(node));
    if (node.isAlive) same(node, 'needed', need > 0, true);
    if (node.state === STATE_CODE.pending) same(node, 'decision', graph.decisionOf(node), 'wait');
    if (node.state === STATE_CODE.awaiting_retry) same(node, 'to be woken', node.wakes > 0, true);
    // A task that need not stop is waiting whenever it is under way without a slot, and only then.
    if (!node.mustStop)
      same(
        node,
        'waiting',
        node.state === STATE_CODE.waiting,
        node.isActive && !node.isContainer && !node.hasSlot,
      );
    if (node.phase === 'done') same(node, 'with open children', graph.openChildOf(node) !== undefined, true);
    if (node.mustStop) {
      same(node, 'stopped', node.hasEnded || node.state === STATE_CODE.cancelling, true);
      same(node, 'left waiting for a slot', node.mustContinue, false);
    }
  }

  #compareTotals(): void {
    const { scheduler, graph } = this;
    const { alive, reserved, loading, hasExceeded } = scheduler.memory;
    const kept = {
      active: scheduler.active,
      alive,
      reserved,
      loading,
      hasExceeded,
      used: scheduler.pools.map(({ used }) => used),
      taken: scheduler.claims.resources.map(({ used }) => used),
    };
    const counted = {
      active: this.nodes.filter((node) => node.hasSlot).length,
      alive: graph.aliveBytes,
      reserved: graph.reservedBytes,
      loading: graph.loadingBytes,
      hasExceeded: graph.hasExceeded,
      used: graph.pools.map(({ used }) => used),
      taken: graph.resources.map(({ used }) => used),
    };
    const [one, other] = [JSON.stringify(kept), JSON.stringify(counted)];
    if (one !== other) throw new Error(`totals are ${one}, counted ${other}`);
  }
}

function plain(shadow: ShadowSubmission): Submission {
  return {
    ...shadow,
    parent: shadow.parent?.id ?? -1,
    consumes: shadow.consumes.map(({ id }) => id),
    after: shadow.after.map(({ id }) => id),
  };
}

function same(node: ShadowNode, what: string, kept: unknown, expected: unknown): void {
  if (kept === expected) return;
  throw new Error(`${node.name}: ${what} is ${String(kept)}, expected ${String(expected)}`);
}
