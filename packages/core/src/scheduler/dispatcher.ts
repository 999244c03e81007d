import { PRODUCER, REACQUIRING, SLOTTED, WITHHELD, type NodeColumns } from './node-columns.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import { makePool, roomIn, useSlots, type Pool } from './pool.ts';
import type { ReadyHeap } from './ready-heap.ts';
import type { ValueMemory } from './value-memory.ts';

/**
 * Which ready node goes next: in the order of (wants its slot back, user priority, depth, submission), within
 * the slots of its pool and the memory budget. Where only room ahead is left, the first in that order goes if it
 * may go ahead; nothing overtakes it. A producer that does not fit the budget is withheld; one is let
 * go regardless when nothing else can move and the shell has spilled what it could.
 */
export class Dispatcher {
  readonly pools: Pool[] = [];
  /** Nodes that hold a slot. */
  active = 0;
  readonly #nodes: NodeColumns;
  readonly #values: ValueMemory;
  readonly #queue: InstructionQueue;
  readonly #mayGoAhead: (id: number) => boolean;
  /** Pools in which something waits; there may be far more pools than that. */
  readonly #busy: Pool[] = [];
  #isSpilling = false;
  /** The shell has spilled since the last start. */
  #hasSpilled = false;

  constructor(
    nodes: NodeColumns,
    values: ValueMemory,
    queue: InstructionQueue,
    mayGoAhead: (id: number) => boolean,
  ) {
    this.#nodes = nodes;
    this.#values = values;
    this.#queue = queue;
    this.#mayGoAhead = mayGoAhead;
  }

  addPool(capacity: number, parent: number): number {
    this.pools.push(makePool(capacity, this.pools[parent], this.#before, this.#nodes));
    return this.pools.length - 1;
  }

  /** A node waits for a slot from now on. */
  enqueue(id: number): void {
    const pool = this.#poolOf(id);
    if (pool === undefined) return;
    this.#heapOf(id, pool).push(id);
    if (pool.isListed) return;
    pool.isListed = true;
    this.#busy.push(pool);
  }

  /** It waits for none any more, if it did. */
  leave(id: number): void {
    if ((this.#nodes.heapAt[id] ?? -1) < 0) return;
    const pool = this.#poolOf(id);
    if (pool !== undefined) this.#heapOf(id, pool).remove(id);
  }

  freeSlot(id: number): void {
    if (!this.#nodes.has(id, SLOTTED)) return;
    this.#nodes.clear(id, SLOTTED);
    this.active -= 1;
    const pool = this.#poolOf(id);
    if (pool !== undefined) useSlots(pool, -1);
  }

  /** The node to go next, with its slot taken; -1 if none may. */
  next(): number {
    let best = -1;
    const busy = this.#busy;
    for (let index = busy.length - 1; index >= 0; index -= 1) {
      const pool = busy[index];
      if (pool === undefined) continue;
      const consumer = pool.consumers.peek();
      const producer = pool.producers.peek();
      if (consumer < 0 && producer < 0) this.#unlist(pool, index);
      const room = roomIn(pool);
      if (room === 'none') continue;
      const isFull = room === 'ahead';
      if (isFull) {
        const first = this.#first(consumer, producer);
        if (first < 0 || !this.#mayGoAhead(first)) continue;
      }
      const isAllowed = consumer >= 0 && (!isFull || this.#mayGoAhead(consumer));
      if (isAllowed && (best < 0 || this.#before(consumer, best))) best = consumer;
      if (producer >= 0 && (best < 0 || this.#before(producer, best)) && this.#admits(producer))
        best = producer;
    }
    if (best >= 0) this.#takeSlot(best);
    return best;
  }

  /**
   * The producer that has to go although it exceeds the budget, because nothing runs and nothing else may, with
   * its slot taken; -1 if there is none. Asks the shell to spill first.
   */
  nextBeyondBudget(): number {
    if (this.active > 0 || this.#isSpilling) return -1;
    const oldest = this.#oldestProducer();
    if (oldest < 0) return -1;
    const { ledger } = this.#values;
    const bytes = ledger.excess(this.#values.estimate(oldest));
    if (!this.#hasSpilled && ledger.alive + ledger.beside > 0) {
      this.#isSpilling = true;
      this.#queue.push({ op: 'spill', bytes });
      return -1;
    }
    this.#queue.push({ op: 'overshoot', id: oldest, bytes });
    this.#takeSlot(oldest);
    return oldest;
  }

  spillDone(): void {
    this.#isSpilling = false;
    this.#hasSpilled = true;
  }

  readonly #before = (a: number, b: number): boolean => {
    const nodes = this.#nodes;
    const isReacquiringA = nodes.has(a, REACQUIRING);
    if (isReacquiringA !== nodes.has(b, REACQUIRING)) return isReacquiringA;
    const byPriority = (nodes.priority[b] ?? 0) - (nodes.priority[a] ?? 0);
    if (byPriority !== 0) return byPriority < 0;
    const byDepth = (nodes.depth[b] ?? 0) - (nodes.depth[a] ?? 0);
    if (byDepth !== 0) return byDepth < 0;
    return (nodes.seq[a] ?? 0) < (nodes.seq[b] ?? 0);
  };

  #first(a: number, b: number): number {
    if (a < 0 || b < 0) return Math.max(a, b);
    return this.#before(a, b) ? a : b;
  }

  #poolOf(id: number): Pool | undefined {
    return this.pools[this.#nodes.pool[id] ?? -1];
  }

  #heapOf(id: number, pool: Pool): ReadyHeap {
    return this.#nodes.has(id, PRODUCER) && !this.#nodes.has(id, REACQUIRING)
      ? pool.producers
      : pool.consumers;
  }

  #takeSlot(id: number): void {
    this.leave(id);
    this.#nodes.set(id, SLOTTED);
    this.active += 1;
    this.#hasSpilled = false;
    const pool = this.#poolOf(id);
    if (pool !== undefined) useSlots(pool, 1);
  }

  #unlist(pool: Pool, index: number): void {
    const last = this.#busy.pop();
    if (last !== undefined && last !== pool) this.#busy[index] = last;
    pool.isListed = false;
  }

  #admits(id: number): boolean {
    if (this.#values.admits(id)) return true;
    if (!this.#nodes.has(id, WITHHELD)) {
      this.#nodes.set(id, WITHHELD);
      this.#queue.push({ op: 'withheld', id });
    }
    return false;
  }

  /** The producer that was submitted first among those that head their pools. */
  #oldestProducer(): number {
    const { seq } = this.#nodes;
    let oldest = -1;
    for (const pool of this.#busy) {
      const id = roomIn(pool) === 'slot' ? pool.producers.peek() : -1;
      if (id >= 0 && (oldest < 0 || (seq[id] ?? 0) < (seq[oldest] ?? 0))) oldest = id;
    }
    return oldest;
  }
}
