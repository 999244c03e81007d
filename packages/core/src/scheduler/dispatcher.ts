import { STATE_CODE } from '../states/state.ts';
import { Admission, heapOf } from './admission.ts';
import { Claims } from './claims.ts';
import type { InstructionQueue } from './instruction-queue.ts';
import type { LackName } from './instructions.ts';
import { LIGHT, REACQUIRING, SLOTTED, WITHHELD, type NodeColumns } from './node-columns.ts';
import { hasSlotAfter, makePool, roomIn, useSlots, type Pool } from './pool.ts';
import { makeReadyQueue, type ReadyQueue } from './ready-queue.ts';
import type { ValueMemory } from './value-memory.ts';

/**
 * Which ready node goes next: in the order of (wants its slot back, user priority, depth, submission), within the
 * slots of its pool, the named resources and the memory budget. As long as no one that waits needs a named resource
 * and all fits the budget, that is the first of the pools that have room; otherwise `admission` decides. Where only
 * room ahead is left, the first in that order goes if it may go ahead; nothing overtakes it. One is let go
 * regardless of the budget when nothing else can move and the shell has spilled what it could.
 */
export class Dispatcher {
  readonly pools: Pool[] = [];
  readonly claims = new Claims();
  /** Nodes that hold a slot. */
  active = 0;
  readonly #nodes: NodeColumns;
  readonly #values: ValueMemory;
  readonly #queue: InstructionQueue;
  readonly #mayGoAhead: (id: number) => boolean;
  readonly #admission: Admission;
  /** Queues of nodes that need no named resource, by pool. */
  readonly #plain: ReadyQueue[] = [];
  /** The others, by pool and set of claims. */
  readonly #demanding = new Map<string, ReadyQueue>();
  /** Queues in which something waits; there may be far more than that. */
  readonly #busy: ReadyQueue[] = [];
  /** Nodes that wait and need named resources, or are withheld for memory. */
  #special = 0;
  /** Queued since the last dispatch, and perhaps to start in the next. */
  readonly #new: number[] = [];
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
    this.#admission = new Admission({
      nodes,
      claims: this.claims,
      values,
      mayGoAhead,
      queueOf: this.#queueOf,
      before: this.#before,
      onLacking: (id, resource) => this.#say(id, 'resource', resource),
    });
  }

  addPool(capacity: number, parent: number): number {
    const pool = makePool(capacity, this.pools[parent]);
    this.#plain.push(makeReadyQueue(pool, 0, this.#before, this.#nodes));
    return this.pools.push(pool) - 1;
  }

  get queues(): readonly ReadyQueue[] {
    return [...this.#plain, ...this.#demanding.values()];
  }

  /** A node is queued. Returns what it lacks, as far as that can be said before the next dispatch. */
  enqueueNew(id: number): '' | LackName {
    const queue = this.#queueOf(id);
    const isSlotFree = queue.claims !== 0 || hasSlotAfter(queue.pool, queue.ready.size);
    this.#nodes.lack[id] = isSlotFree ? 0 : LACK.slot;
    if (isSlotFree) this.#new.push(id);
    this.#add(id, queue);
    return isSlotFree ? '' : 'slot';
  }

  /** A node that has begun wants its slot back. */
  enqueueAgain(id: number): void {
    this.#add(id, this.#queueOf(id));
  }

  /** It waits for none any more, if it did. */
  leave(id: number): void {
    if ((this.#nodes.heapAt[id] ?? -1) < 0) return;
    const queue = this.#queueOf(id);
    heapOf(this.#nodes, id, queue).remove(id);
    if (queue.claims !== 0 || this.#nodes.has(id, WITHHELD)) this.#special -= 1;
    this.#nodes.clear(id, WITHHELD | LIGHT);
  }

  freeSlot(id: number): void {
    if (!this.#nodes.has(id, SLOTTED)) return;
    this.#nodes.clear(id, SLOTTED);
    this.active -= 1;
    const { pool, claims } = this.#queueOf(id);
    useSlots(pool, -1);
    if (claims !== 0) this.claims.giveBack(claims, id);
  }

  /** The node to go next, with its slot taken; -1 if none may. */
  next(): number {
    let id = this.#special > 0 ? this.#nextAdmitted() : this.#nextWithSlot();
    if (id >= 0 && this.#special === 0 && !this.#mayStart(id)) id = this.#nextAdmitted();
    if (id >= 0) this.#takeSlot(id);
    return id;
  }

  /**
   * The node that has to go although it exceeds the budget, because nothing runs and nothing else may, with its
   * slot taken; -1 if there is none. Asks the shell to spill first.
   */
  nextBeyondBudget(): number {
    if (this.active > 0 || this.#isSpilling || this.#special === 0) return -1;
    const id = this.#admission.deepest(this.#busy);
    if (id < 0) return -1;
    const { ledger } = this.#values;
    const bytes = this.#nodes.has(id, WITHHELD) ? this.#values.excess(id) : 0;
    if (bytes > 0 && !this.#hasSpilled && ledger.alive + ledger.beside > 0) {
      this.#isSpilling = true;
      this.#queue.push({ op: 'spill', bytes });
      return -1;
    }
    if (bytes > 0) this.#queue.push({ op: 'overshoot', id, bytes });
    this.#takeSlot(id);
    return id;
  }

  spillDone(): void {
    this.#isSpilling = false;
    this.#hasSpilled = true;
  }

  /** Says of those that were to start and did not what they lack. */
  sayLacks(): void {
    for (const id of this.#new) {
      if (this.#nodes.state[id] !== STATE_CODE.queued || (this.#nodes.heapAt[id] ?? -1) < 0) continue;
      const { lacking } = this.#queueOf(id);
      this.#say(id, lacking < 0 ? 'slot' : 'resource', lacking);
    }
    this.#new.length = 0;
  }

  /** The first of those that have a slot, where slots are all that counts. */
  #nextWithSlot(): number {
    let best = -1;
    const busy = this.#busy;
    for (let index = busy.length - 1; index >= 0; index -= 1) {
      const queue = busy[index];
      if (queue === undefined) continue;
      const id = queue.ready.peek();
      if (id < 0) {
        this.#unlist(queue, index);
        continue;
      }
      if (best >= 0 && !this.#before(id, best)) continue;
      const room = roomIn(queue.pool);
      if (room === 'slot' || (room === 'ahead' && this.#mayGoAhead(id))) best = id;
    }
    return best;
  }

  #nextAdmitted(): number {
    for (let index = this.#busy.length - 1; index >= 0; index -= 1) {
      const queue = this.#busy[index];
      if (queue !== undefined && queue.ready.size + queue.light.size + queue.heavy.size === 0)
        this.#unlist(queue, index);
    }
    for (;;) {
      const next = this.#admission.next(this.#busy);
      if (typeof next !== 'object') return next ?? -1;
      this.#withhold(next.id, next.isLight);
    }
  }

  #mayStart(id: number): boolean {
    return this.#nodes.has(id, REACQUIRING) || this.#values.fits(id);
  }

  #withhold(id: number, isLight: boolean): void {
    const queue = this.#queueOf(id);
    queue.ready.remove(id);
    this.#nodes.set(id, isLight ? WITHHELD | LIGHT : WITHHELD);
    (isLight ? queue.light : queue.heavy).push(id);
    if (queue.claims === 0) this.#special += 1;
    this.#say(id, 'memory', -1);
  }

  /** Says what a queued node lacks, each thing once; and a slot only if there is nothing else to say. */
  #say(id: number, claim: LackName, resource: number): void {
    const { lack, state } = this.#nodes;
    const said = lack[id] ?? 0;
    const isKnown = claim === 'slot' ? said !== 0 : (said & LACK[claim]) !== 0;
    if (isKnown || state[id] !== STATE_CODE.queued) return;
    lack[id] = said | LACK[claim];
    this.#queue.push({ op: 'lacks', id, claim, resource });
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

  /** The queue of a node that takes slots. */
  readonly #queueOf = (id: number): ReadyQueue => {
    const pool = this.#nodes.pool[id] ?? -1;
    const claims = this.#nodes.claims[id] ?? 0;
    const plain = this.#plain[pool];
    if (plain === undefined) throw new RangeError(`node ${id} is in no pool`);
    return claims === 0 ? plain : this.#demandingQueue(plain.pool, `${pool} ${claims}`, claims);
  };

  #demandingQueue(pool: Pool, key: string, claims: number): ReadyQueue {
    let queue = this.#demanding.get(key);
    if (queue === undefined) {
      queue = makeReadyQueue(pool, claims, this.#before, this.#nodes);
      this.#demanding.set(key, queue);
    }
    return queue;
  }

  #add(id: number, queue: ReadyQueue): void {
    queue.ready.push(id);
    if (queue.claims !== 0) this.#special += 1;
    if (queue.isListed) return;
    queue.isListed = true;
    this.#busy.push(queue);
  }

  #takeSlot(id: number): void {
    this.leave(id);
    this.#nodes.set(id, SLOTTED);
    this.active += 1;
    this.#hasSpilled = false;
    const { pool, claims } = this.#queueOf(id);
    useSlots(pool, 1);
    if (claims !== 0) this.claims.take(claims, id);
  }

  #unlist(queue: ReadyQueue, index: number): void {
    const last = this.#busy.pop();
    if (last !== undefined && last !== queue) this.#busy[index] = last;
    queue.isListed = false;
  }
}

/** Bits of `NodeColumns.lack`. */
const LACK: Readonly<Record<LackName, number>> = { slot: 1, memory: 2, resource: 4 };
