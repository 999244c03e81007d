import type { Dispatcher } from './dispatcher.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import { CONTAINER, REACQUIRING, SLOTTED, STOPPING, type NodeTable } from './node-table.ts';

/**
 * Runs that wait for what they called. A task that waits for anything yields its slot; when the last thing that
 * it waits for has come it reacquires one, before new tasks start, and only then goes on. Containers have no
 * slot to yield.
 */
export class YieldedSlots {
  readonly #nodes: NodeTable;
  readonly #dispatcher: Dispatcher;
  readonly #queue: InstructionQueue;

  constructor(nodes: NodeTable, dispatcher: Dispatcher, queue: InstructionQueue) {
    this.#nodes = nodes;
    this.#dispatcher = dispatcher;
    this.#queue = queue;
  }

  /** An open node waits for one thing more. */
  wait(id: number): void {
    const { awaited } = this.#nodes;
    awaited[id] = (awaited[id] ?? 0) + 1;
    this.#dispatcher.freeSlot(id);
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
      this.#dispatcher.enqueue(id);
    }
    return false;
  }

  /** A node got a slot: did it have one before? Then it goes on. */
  reacquired(id: number): boolean {
    if (!this.#nodes.has(id, REACQUIRING)) return false;
    this.#nodes.clear(id, REACQUIRING);
    this.#queue.push({ op: 'continue', id });
    return true;
  }

  /** A node is to stop: if it waits for its slot only, it goes on without, to learn that it must. */
  stop(id: number): void {
    if (!this.#nodes.has(id, REACQUIRING)) return;
    this.#stopReacquiring(id);
    this.#queue.push({ op: 'continue', id });
  }

  /** Its code has ended: it has no slot, wants none and waits for nothing. */
  leave(id: number): void {
    this.#dispatcher.freeSlot(id);
    this.#stopReacquiring(id);
    this.#nodes.awaited[id] = 0;
  }

  #stopReacquiring(id: number): void {
    if (!this.#nodes.has(id, REACQUIRING)) return;
    this.#dispatcher.leave(id);
    this.#nodes.clear(id, REACQUIRING);
  }
}
