import type { ReasonName } from '../states/reason.ts';
import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, type StateCode } from '../states/state.ts';
import type { Dependencies } from './dependencies.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Family } from './family.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import type { AttemptOutcome } from './instructions.ts';
import type { NodeStates } from './node-states.ts';
import {
  BODY_DONE,
  CONTAINER,
  HANDLED,
  LACKING,
  REACQUIRING,
  STOPPING,
  type NodeColumns,
} from './node-columns.ts';
import type { ValueMemory } from './value-memory.ts';
import type { YieldedSlots } from './yielded-slots.ts';

const S = STATE_CODE;

/** What a scheduler is made of. */
export interface SchedulerParts {
  readonly nodes: NodeColumns;
  readonly family: Family;
  readonly dependencies: Dependencies;
  readonly values: ValueMemory;
  readonly dispatcher: Dispatcher;
  readonly states: NodeStates;
  readonly slots: YieldedSlots;
  readonly queue: InstructionQueue;
}

/**
 * How a node goes from its submission to its end, and what its end means for others. What follows from an end
 * (consumers that start or end in turn, parents that end) is carried out by `propagate`, which every event calls
 * last: in a loop, not by recursion, so that chains and nests may be as long as they like.
 */
export class Lifecycle {
  readonly #nodes: NodeColumns;
  readonly #family: Family;
  readonly #dependencies: Dependencies;
  readonly #values: ValueMemory;
  readonly #dispatcher: Dispatcher;
  readonly #states: NodeStates;
  readonly #slots: YieldedSlots;
  readonly #queue: InstructionQueue;
  /** Outcomes of bodies that wait for their children to end. */
  readonly #outcomes = new Map<number, AttemptOutcome>();
  /** Consumers to be asked whether they may start now, and parents whether they end now. */
  readonly #told: number[] = [];
  readonly #left: number[] = [];

  constructor(parts: SchedulerParts) {
    this.#nodes = parts.nodes;
    this.#family = parts.family;
    this.#dependencies = parts.dependencies;
    this.#values = parts.values;
    this.#dispatcher = parts.dispatcher;
    this.#states = parts.states;
    this.#slots = parts.slots;
    this.#queue = parts.queue;
  }

  propagate(): void {
    const told = this.#told;
    const left = this.#left;
    let nextTold = 0;
    let nextLeft = 0;
    for (;;) {
      if (nextTold < told.length) {
        this.evaluate(told[nextTold] ?? -1);
        nextTold += 1;
      } else if (nextLeft < left.length) {
        this.#maybeFinish(left[nextLeft] ?? -1);
        nextLeft += 1;
      } else {
        break;
      }
    }
    if (nextTold > 0) told.length = 0;
    if (nextLeft > 0) left.length = 0;
  }

  // ---- beginning --------------------------------------------------------------------------------------

  /** Lets a new node under its parent: it may start, or ends at once if the parent takes no more. */
  admit(id: number): void {
    const nodes = this.#nodes;
    const parent = nodes.parent[id] ?? -1;
    if (parent < 0) {
      this.evaluate(id);
    } else if (nodes.has(parent, STOPPING)) {
      this.end(id, S.cancelled, 'parent_stopping', 'its parent was stopped');
    } else if (this.acceptsChildren(parent)) {
      this.evaluate(id);
    } else {
      this.end(id, S.cancelled, 'parent_ended', 'its parent has ended');
    }
  }

  /** May a node still get children? Not once it is to stop, has failed or has ended. */
  acceptsChildren(id: number): boolean {
    const nodes = this.#nodes;
    if (nodes.has(id, STOPPING)) return false;
    return nodes.isOpen(id) || this.#outcomes.get(id)?.type === 'completed';
  }

  /** Asks the trigger rule of a pending node. */
  evaluate(id: number): void {
    if (this.#nodes.state[id] !== S.pending) return;
    const decision = this.#dependencies.decide(id);
    if (decision === 'start') {
      this.ready(id);
    } else if (decision === 'skip') {
      const rule = this.#dependencies.ruleOf(id);
      this.end(id, S.skipped, 'trigger_rule', `the rule ${rule} cannot hold`);
    } else if (decision === 'upstream_failed') {
      this.end(id, S.upstream_failed, 'upstream_failed', 'a run that it needs has failed');
    }
  }

  /** It may start: a container does at once, a task when it gets a slot. */
  ready(id: number): void {
    if (this.#nodes.has(id, CONTAINER)) {
      this.#states.begin(id);
    } else {
      this.#states.enter(id, S.queued, this.#dispatcher.enqueueNew(id), '');
    }
  }

  /** A task has got its slot: its next attempt begins, or it goes on. */
  start(id: number): void {
    if (this.#slots.reacquired(id)) return;
    this.#values.reserve(id);
    this.#states.begin(id);
  }

  // ---- ending -----------------------------------------------------------------------------------------

  /** The code of an attempt has ended; the node ends or is retried once its children have ended. */
  attemptEnded(id: number, outcome: AttemptOutcome): void {
    const nodes = this.#nodes;
    if ((nodes.openChildren[id] ?? 0) === 0) {
      this.#slots.leave(id);
      this.#finish(id, outcome);
      return;
    }
    this.#slots.awaitChildren(id);
    this.#outcomes.set(id, outcome);
    nodes.set(id, BODY_DONE);
    if (outcome.type !== 'completed') this.stopChildren(id, 'parent_ended', 'its parent has ended');
  }

  /** What the code of a node has given counts no more: it ends so, once its children have. */
  overrule(id: number, outcome: AttemptOutcome): void {
    if (!this.#nodes.has(id, BODY_DONE)) return;
    this.#outcomes.set(id, outcome);
    this.stopChildren(id, 'parent_ended', 'its parent has ended');
  }

  #maybeFinish(id: number): void {
    const nodes = this.#nodes;
    if (!nodes.has(id, BODY_DONE) || (nodes.openChildren[id] ?? 0) > 0) return;
    const outcome = this.#outcomes.get(id);
    if (outcome === undefined) return;
    this.#outcomes.delete(id);
    nodes.clear(id, BODY_DONE);
    this.#finish(id, outcome);
  }

  /** Ends a node, or has it wait for its retry, as its attempt ended. */
  #finish(id: number, outcome: AttemptOutcome): void {
    this.#values.unreserve(id);
    if (this.#nodes.has(id, STOPPING) && !this.#standsThoughStopped(id, outcome)) {
      const reason = outcome.type === 'cancelled' ? outcome.reason : 'cancelled';
      this.end(id, S.cancelled, reason, 'message' in outcome ? outcome.message : 'stopped on request');
      return;
    }
    switch (outcome.type) {
      case 'completed':
        this.#complete(id, outcome.bytes);
        return;
      case 'retry':
        this.#family.uncountChildren(id);
        this.#states.enter(id, S.awaiting_retry, outcome.reason, outcome.message);
        this.#queue.push({ op: 'wake', id, delayMs: outcome.delayMs });
        return;
      case 'skipped':
        this.end(id, S.skipped, 'skipped', outcome.message);
        return;
      case 'cancelled':
        this.end(id, S.cancelled, outcome.reason, outcome.message);
        return;
      case 'failed':
        this.end(id, S.failed, outcome.reason, outcome.message);
        return;
      case 'crashed':
        this.end(id, S.crashed, outcome.reason, outcome.message);
    }
  }

  /**
   * Does the outcome of a node count that was to be stopped? The value of a task that completed all the same does, if
   * nothing beneath it was stopped; and so does a strict task's, of which nobody knows whether it has had its effect:
   * as cancelled it would be run again.
   */
  #standsThoughStopped(id: number, outcome: AttemptOutcome): boolean {
    if (outcome.type === 'failed') return outcome.reason === 'outcome_unknown';
    const isWhole = !this.#nodes.has(id, CONTAINER) && (this.#nodes.unhandled[id] ?? 0) === 0;
    return outcome.type === 'completed' && isWhole;
  }

  #complete(id: number, bytes: number): void {
    const unhandled = this.#nodes.unhandled[id] ?? 0;
    if (unhandled > 0) {
      const noun = unhandled === 1 ? 'a failure' : `${unhandled} failures`;
      this.end(id, S.failed, 'unhandled_failure', `${noun} beneath it that nothing handles`);
      return;
    }
    this.#values.made(id, bytes);
    this.end(id, S.completed, '', '');
    this.#values.dropUnneeded(id);
  }

  end(id: number, state: StateCode, reason: ReasonName, message: string): void {
    const nodes = this.#nodes;
    this.#dispatcher.leave(id);
    nodes.clear(id, REACQUIRING | LACKING);
    this.#states.enter(id, state, reason, message);
    this.#family.detach(id);
    this.countFailure(id);
    this.#dependencies.release(id, this.#values.dropUnneeded);
    this.#dependencies.tell(id, this.#told);
    const parent = nodes.parent[id] ?? -1;
    if (parent >= 0 && nodes.has(parent, BODY_DONE)) this.#left.push(parent);
  }

  /** Holds a failure against the parent, unless somebody takes care of it. */
  countFailure(id: number): void {
    const nodes = this.#nodes;
    const state = nodes.state[id] ?? 0;
    if (state === S.completed || state === S.skipped || state === S.cached) return;
    if ((nodes.parent[id] ?? -1) >= 0 && !nodes.has(id, HANDLED)) this.#family.count(id);
  }

  // ---- stopping ---------------------------------------------------------------------------------------

  stopChildren(id: number, reason: ReasonName, message: string): void {
    const children: number[] = [];
    this.#family.pushOpen(id, children);
    this.stop(children, reason, message);
  }

  /** Stops all on the stack and everything beneath, the last first. */
  stop(stack: number[], reason: ReasonName, message: string): void {
    const nodes = this.#nodes;
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      const state = nodes.state[id] ?? 0;
      if (state >= FIRST_ENDED || nodes.has(id, STOPPING)) continue;
      nodes.set(id, STOPPING);
      if (state < FIRST_ACTIVE) {
        this.end(id, S.cancelled, reason, message);
        continue;
      }
      this.#states.enter(id, S.cancelling, reason, message);
      this.#slots.stop(id);
      this.#family.pushOpen(id, stack);
    }
  }
}
