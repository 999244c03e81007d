import type { ReasonName } from '../states/reason.ts';
import type { StateCode } from '../states/state.ts';
import { transition } from '../states/transition.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import type { NodeTable } from './node-table.ts';

/** Takes nodes from state to state, each time as the table of transitions allows, and tells the shell. */
export class NodeStates {
  readonly #nodes: NodeTable;
  readonly #queue: InstructionQueue;

  constructor(nodes: NodeTable, queue: InstructionQueue) {
    this.#nodes = nodes;
    this.#queue = queue;
  }

  /** Throws `INVALID_TRANSITION` if the node's state has no way to this one. */
  enter(id: number, to: StateCode, reason: ReasonName, message: string): void {
    const { state } = this.#nodes;
    state[id] = transition(state[id] ?? 0, to);
    this.#queue.push({ op: 'transition', id, to, reason, message });
  }
}
