import type { Instruction } from '../scheduler/instructions.ts';
import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, stateOf, type StateCode } from '../states/state.ts';
import { canTransition } from '../states/transition.ts';
import type { ShadowGraph } from './shadow-graph.ts';
import type { ShadowNode } from './shadow-node.ts';
import { deepest, nextIn } from './shadow-order.ts';

const S = STATE_CODE;

/**
 * Judges each instruction of a scheduler against what a shadow graph knows, then lets the graph follow it. The
 * graph learns states from instructions only, so that one which is missing, wrong or early shows.
 */
export class InstructionCheck {
  readonly #graph: ShadowGraph;
  isHeld = false;
  isDispatching = false;
  /** The scheduler has asked to spill and has not been answered. */
  isSpilling = false;
  /** Has been answered since the last start. */
  hasSpilled = false;
  /** The one node that may go back to pending in this event. */
  mayPend: ShadowNode | undefined;
  /** Hears of every transition once it has been judged. */
  onTransition: (from: StateCode, to: StateCode) => void = () => undefined;
  /** Starts beyond the budget, as the instruction before has said. */
  #overshot: ShadowNode | undefined;

  constructor(graph: ShadowGraph) {
    this.#graph = graph;
  }

  perform(instruction: Instruction): void {
    if (instruction.op === 'spill') {
      this.#spill();
      return;
    }
    const node = this.#graph.byId(instruction.id);
    switch (instruction.op) {
      case 'transition':
        this.#transition(node, instruction.to);
        if (instruction.to === S.queued) this.#queued(node, instruction.reason);
        return;
      case 'drop':
        this.#drop(node);
        return;
      case 'continue':
        this.#continue(node, instruction.to);
        return;
      case 'wake':
        assert(node.state === S.awaiting_retry, () => `${node.name} is to be woken from no retry`);
        assert(
          node.outcome?.type === 'retry' && node.outcome.delayMs === instruction.delayMs,
          () => `${node.name} is to be woken after ${instruction.delayMs} ms`,
        );
        node.wakes += 1;
        return;
      case 'lacks':
        this.#lacks(node, instruction.claim, instruction.resource);
        return;
      case 'overshoot':
        this.#overshoot(node, instruction.bytes);
        return;
      case 'exceeded':
        this.#exceeded(node, instruction.bytes);
    }
  }

  /** After a dispatch nothing is left that may start, nothing stands still for nothing, and all know what they lack. */
  assertNothingLeft(): void {
    const next = nextIn(this.#graph);
    assert(next === undefined, () => `${next?.node.name} may ${next?.what} and was left`);
    const stuck = deepest(this.#graph);
    assert(
      stuck === undefined || this.isSpilling || this.#graph.nodes.some((node) => node.hasSlot),
      () => `nothing runs, and ${stuck?.name} is left withheld`,
    );
    for (const node of this.#graph.nodes)
      assert(
        node.state !== S.queued || node.lacks.size > 0,
        () => `${node.name} is queued and nobody knows why`,
      );
  }

  /** Who starts next: by turn, or because nothing runs and it is only kept from what others may not use either. */
  #next(): ShadowNode | undefined {
    const next = nextIn(this.#graph);
    if (next !== undefined) return next.what === 'start' ? next.node : undefined;
    if (this.isSpilling || this.#graph.nodes.some((node) => node.hasSlot)) return undefined;
    const stuck = deepest(this.#graph);
    return stuck !== undefined && this.#excess(stuck) <= 0 ? stuck : undefined;
  }

  /** By how much a node's start exceeds the budget, if it is withheld for that. */
  #excess(node: ShadowNode): number {
    if (node.withheld === undefined) return 0;
    return this.#graph.totalBytes + this.#graph.need(node) - this.#graph.budget;
  }

  // ---- starts -----------------------------------------------------------------------------------------

  #assertTurn(node: ShadowNode): void {
    assert(this.isDispatching && !this.isHeld, () => `${node.name} starts outside of dispatch`);
    if (this.#overshot !== node) {
      const next = this.#next();
      assert(next === node, () => `${node.name} starts, but it is the turn of ${next?.name ?? 'none'}`);
    }
    this.#overshot = undefined;
    this.hasSpilled = false;
  }

  /** It goes on by this instruction only, not by a transition; its attempt stays the same. */
  #continue(node: ShadowNode, to: StateCode): void {
    if (node.mustStop) {
      assert(node.mustContinue, () => `${node.name} goes on and did not wait`);
      assert(to === S.cancelling && node.state === to, () => `${node.name} goes on as ${stateOf(to)}`);
      node.mustContinue = false;
      return;
    }
    assert(node.isReacquiring, () => `${node.name} goes on and did not wait`);
    this.#assertTurn(node);
    assert(node.state === S.waiting, () => `${node.name} goes on from ${stateOf(node.state)}`);
    assert(to === executing(node), () => `${node.name} goes on as ${stateOf(to)}`);
    node.isReacquiring = false;
    this.onTransition(node.state, to);
    node.state = to;
    this.#graph.takeSlot(node);
  }

  /** Its rule holds, or it has been woken for its retry. */
  #assertReady(node: ShadowNode): void {
    assert(!node.mustStop, () => `${node.name} is ready and must stop`);
    const isReady = node.state === S.pending && this.#graph.decisionOf(node) === 'start';
    assert(node.state === S.awaiting_retry || isReady, () => `${node.name} is not ready`);
  }

  #begin(node: ShadowNode, to: StateCode): void {
    assert(node.phase === 'none', () => `${node.name} starts while it is under way`);
    if (node.isContainer) {
      this.#assertReady(node);
    } else {
      assert(node.state === S.queued, () => `${node.name} starts from ${stateOf(node.state)}`);
      this.#assertTurn(node);
      this.#graph.takeSlot(node);
      node.reserved = this.#graph.estimate(node);
      node.wasUnknown = this.#graph.isUnknown(node);
      if (this.#graph.hasSpilled) for (const from of this.#graph.absentInputs(node)) from.isLoading = true;
      node.withheld = undefined;
    }
    node.attempt += 1;
    node.outcome = undefined;
    assert(to === executing(node), () => `${node.name}: attempt ${node.attempt}`);
    const lacks = node.inputs.some(({ from, isData }) => isData && from.hasSucceeded && !from.isAlive);
    node.phase = lacks ? 'gathering' : 'body';
  }

  // ---- memory -----------------------------------------------------------------------------------------

  #drop(node: ShadowNode): void {
    const need = this.#graph.needOf(node);
    assert(node.isAlive, () => `${node.name} is dropped and was not alive`);
    assert(need === 0, () => `${node.name} is dropped and needed by ${need}`);
    node.isAlive = false;
    this.#graph.forgetExcess();
  }

  /** A node has become queued; what it lacks may be known at once. */
  #queued(node: ShadowNode, reason: string): void {
    assert(reason === '' || reason === 'slot', () => `${node.name} is queued for ${reason}`);
    node.lacks.clear();
    if (reason !== '') node.lacks.add(reason);
  }

  #lacks(node: ShadowNode, claim: string, resource: number): void {
    assert(node.state === S.queued, () => `${node.name} lacks ${claim} and is not queued`);
    assert(!node.lacks.has(claim), () => `${node.name} is told twice that it lacks ${claim}`);
    assert(claim !== 'slot' || node.lacks.size === 0, () => `${node.name} lacks a slot after all`);
    node.lacks.add(claim);
    if (claim === 'resource') {
      const isClaimed = this.#graph.claimsOf(node).some((one) => one.resource === resource);
      assert(isClaimed, () => `${node.name} lacks resource ${resource}, which it does not need`);
    }
    if (claim !== 'memory') return;
    const next = nextIn(this.#graph);
    const isTurn = next?.what === 'withhold' && next.node === node;
    assert(isTurn, () => `${node.name} is withheld, but ${next?.node.name ?? 'none'} may ${next?.what}`);
    node.withheld = this.#graph.memoryClaimOf(node).weight === 'heavy' ? 'heavy' : 'light';
  }

  #spill(): void {
    this.#assertStuck();
    assert(!this.hasSpilled && !this.isSpilling, () => 'asked to spill again');
    assert(this.#graph.aliveBytes > 0, () => 'asked to spill nothing');
    this.isSpilling = true;
  }

  #overshoot(node: ShadowNode, bytes: number): void {
    this.#assertStuck();
    assert(
      this.hasSpilled || this.#graph.aliveBytes === 0,
      () => `${node.name} overshoots before anything was spilled`,
    );
    assert(node.withheld !== undefined, () => `${node.name} overshoots and was not withheld`);
    assert(node === deepest(this.#graph), () => `${node.name} is not the deepest`);
    const over = this.#excess(node);
    assert(over > 0 && bytes === over, () => `overshoot of ${bytes} bytes, found ${over}`);
    this.#overshot = node;
  }

  /** Its value, which it is about to end with or which has come back, is too much. */
  #exceeded(node: ShadowNode, bytes: number): void {
    const graph = this.#graph;
    const own = !node.isAlive && node.outcome?.type === 'completed' ? node.outcome.bytes : 0;
    const alive = graph.aliveBytes + own;
    assert(!graph.hasExceeded, () => `${node.name}: told twice that too much is alive`);
    assert(alive > graph.limit && bytes === alive - graph.budget, () => `${bytes} too much, of ${alive}`);
    graph.hasExceeded = true;
  }

  /** Nothing runs, and nothing may start within the budget. */
  #assertStuck(): void {
    assert(this.isDispatching && !this.isHeld, () => 'memory pressure outside of dispatch');
    assert(!this.#graph.nodes.some((node) => node.hasSlot), () => 'memory pressure while something runs');
    const next = nextIn(this.#graph);
    assert(next === undefined, () => `memory pressure while ${next?.node.name} may ${next?.what}`);
  }

  // ---- transitions ------------------------------------------------------------------------------------

  #transition(node: ShadowNode, to: StateCode): void {
    const from = node.state;
    assert(
      canTransition(stateOf(from), stateOf(to)),
      () => `${node.name}: ${stateOf(from)} to ${stateOf(to)}`,
    );
    if (to >= FIRST_ENDED) this.#assertEnd(node, to);
    else if (to === S.running || to === S.retrying) this.#begin(node, to);
    else if (to === S.queued) this.#assertReady(node);
    else if (to === S.waiting) this.#assertYields(node);
    else if (to === S.cancelling) assert(node.mustStop, () => `${node.name} was not stopped`);
    else if (to === S.awaiting_retry) this.#retry(node);
    else assert(to === S.pending && node === this.mayPend, () => `${node.name} entered ${stateOf(to)}`);
    this.onTransition(from, to);
    node.state = to;
    if (to >= FIRST_ENDED) this.#ended(node);
  }

  /** A task that need not stop has yielded its slot. */
  #assertYields(node: ShadowNode): void {
    assert(!node.isContainer && !node.mustStop, () => `${node.name} is not one to be waiting`);
    const isOwed = node.waits > 0 || this.#graph.openChildOf(node) !== undefined;
    assert(!node.hasSlot && isOwed, () => `${node.name} is waiting for nothing, or with a slot`);
  }

  #retry(node: ShadowNode): void {
    assert(this.#graph.outcomeOf(node) === S.awaiting_retry, () => `${node.name} is retried unasked`);
    this.#assertNoOpenChild(node);
    node.phase = 'none';
    node.round += 1;
    node.reserved = 0;
  }

  #assertNoOpenChild(node: ShadowNode): void {
    const child = this.#graph.openChildOf(node);
    assert(child === undefined, () => `${node.name} ends before its child ${child?.name}`);
  }

  #assertEnd(node: ShadowNode, to: StateCode): void {
    this.#assertNoOpenChild(node);
    const expected = this.#expectedEnd(node);
    assert(
      to === expected,
      () => `${node.name} ends as ${stateOf(to)}, not ${expected === undefined ? 'yet' : stateOf(expected)}`,
    );
  }

  #expectedEnd(node: ShadowNode): StateCode | undefined {
    if (node.state >= FIRST_ACTIVE) {
      return node === this.mayPend && node.mustStop ? S.cancelled : this.#graph.outcomeOf(node);
    }
    if (node.mustStop) return S.cancelled;
    const decision = this.#graph.decisionOf(node);
    return decision === 'skip' ? S.skipped : decision === 'upstream_failed' ? S.upstream_failed : undefined;
  }

  #ended(node: ShadowNode): void {
    node.phase = 'none';
    node.reserved = 0;
    node.isReacquiring = false;
    node.withheld = undefined;
    node.waits = 0;
    node.roundOfParent = node.parent?.round ?? -1;
    if (node.state === S.completed) {
      node.isAlive = true;
      node.bytes = node.outcome?.type === 'completed' ? node.outcome.bytes : 0;
      if (!node.isContainer) this.#graph.learn(node, node.bytes);
    }
    this.#graph.tell(node);
  }
}

function executing({ attempt }: ShadowNode): StateCode {
  return attempt > 1 ? S.retrying : S.running;
}

function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message());
}
