import type { ReasonName } from '../states/reason.ts';
import { STATE_CODE, type StateCode } from '../states/state.ts';
import { transition } from '../states/transition.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import type { NodeColumns } from './node-columns.ts';

/** Takes nodes from state to state, each time as the table of transitions allows, and tells the shell. */
export class NodeStates {
  readonly #nodes: NodeColumns;
  readonly #queue: InstructionQueue;

  constructor(nodes: NodeColumns, queue: InstructionQueue) {
    this.#nodes = nodes;
    this.#queue = queue;
  }

  /** Throws `INVALID_TRANSITION` if the node's state has no way to this one. */
  enter(id: number, to: StateCode, reason: ReasonName, message: string): void {
    const { state } = this.#nodes;
    const from = state[id] ?? STATE_CODE.pending;
    state[id] = transition(from, to);
    this.#queue.push({ op: 'transition', id, from, to, reason, message });
  }

  /** The next attempt begins. */
  begin(id: number): void {
    const { attempt } = this.#nodes;
    attempt[id] = (attempt[id] ?? 0) + 1;
    this.enter(id, this.#executing(id), '', '');
  }

  /** The attempt that has begun goes on: it executes again, or learns that it must stop. */
  goOn(id: number): void {
    const { state } = this.#nodes;
    const from = state[id] ?? STATE_CODE.pending;
    const to = from === STATE_CODE.cancelling ? from : transition(from, this.#executing(id));
    state[id] = to;
    this.#queue.push({ op: 'continue', id, from, to });
  }

  /** The state of a node whose code executes, by the number of its attempt. */
  #executing(id: number): StateCode {
    return (this.#nodes.attempt[id] ?? 0) > 1 ? STATE_CODE.retrying : STATE_CODE.running;
  }
}
