import { STATE_CODE } from '../states/state.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { NodeStates } from './node-states.ts';
import { CONTAINER, REACQUIRING, SLOTTED, STOPPING, type NodeColumns } from './node-columns.ts';

/**
 * Runs that wait for what they called. A task that waits for anything yields its slot, with the named resources that
 * it held beside, and is `waiting`; when the
 * last thing that it waits for has come it reacquires a slot, before new tasks start, and only then goes on. So a
 * task that is `running` or `retrying` holds a slot, and one that is `waiting` holds none. One that must stop is
 * `cancelling` whether it waits or not, and goes on without a slot. Containers have none to yield.
 */
export class YieldedSlots {
  readonly #nodes: NodeColumns;
  readonly #states: NodeStates;
  readonly #dispatcher: Dispatcher;

  constructor(nodes: NodeColumns, states: NodeStates, dispatcher: Dispatcher) {
    this.#nodes = nodes;
    this.#states = states;
    this.#dispatcher = dispatcher;
  }

  /** An open node waits for one thing more. */
  wait(id: number): void {
    const { awaited } = this.#nodes;
    awaited[id] = (awaited[id] ?? 0) + 1;
    this.#yield(id);
    this.#stopReacquiring(id);
  }

  /** One of the things that an open node waited for has come: may it go on at once? */
  unwait(id: number): boolean {
    const nodes = this.#nodes;
    const left = Math.max((nodes.awaited[id] ?? 0) - 1, 0);
    nodes.awaited[id] = left;
    if (left > 0 || nodes.has(id, CONTAINER | SLOTTED | STOPPING)) return true;
    if (!nodes.has(id, REACQUIRING)) {
      nodes.set(id, REACQUIRING);
      this.#dispatcher.enqueueAgain(id);
    }
    return false;
  }

  /** A node got a slot: did it have one before? Then it goes on. */
  reacquired(id: number): boolean {
    if (!this.#nodes.has(id, REACQUIRING)) return false;
    this.#nodes.clear(id, REACQUIRING);
    this.#states.goOn(id);
    return true;
  }

  /** A node is `cancelling`: if it waits for its slot only, it goes on without, to learn that it must stop. */
  stop(id: number): void {
    if (!this.#nodes.has(id, REACQUIRING)) return;
    this.#stopReacquiring(id);
    this.#states.goOn(id);
  }

  /** Its code has ended, and what it called has not: it waits for that, and will not go on. */
  awaitChildren(id: number): void {
    this.#yield(id);
    this.leave(id);
  }

  /** Its code has ended: it has no slot, wants none and waits for nothing. */
  leave(id: number): void {
    this.#dispatcher.freeSlot(id);
    this.#stopReacquiring(id);
    this.#nodes.awaited[id] = 0;
  }

  #yield(id: number): void {
    const nodes = this.#nodes;
    if (!nodes.has(id, SLOTTED)) return;
    this.#dispatcher.freeSlot(id);
    if (!nodes.has(id, STOPPING)) this.#states.enter(id, STATE_CODE.waiting, '', '');
  }

  #stopReacquiring(id: number): void {
    if (!this.#nodes.has(id, REACQUIRING)) return;
    this.#dispatcher.leave(id);
    this.#nodes.clear(id, REACQUIRING);
  }
}
