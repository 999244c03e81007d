import { LIGHT, WITHHELD, type NodeColumns } from './node-columns.ts';
import type { Claims } from './claims.ts';
import { roomIn, type Pool } from './pool.ts';
import type { ReadyQueue } from './ready-queue.ts';
import type { MemoryClaim, ValueMemory } from './value-memory.ts';

/** A node that has to wait in a heap of those that lack memory. */
export interface Withheld {
  readonly id: number;
  readonly isLight: boolean;
}

/** What those who come first keep of memory, bytes. */
interface Kept {
  light: number;
  all: number;
}

/**
 * Who goes next where slots are not all that counts: some nodes need named resources, or memory is short.
 *
 * The first of each queue are gone through in order. One that lacks something keeps what it needs of resources and
 * memory, as it comes free, and those after it pass with what is left beyond that. So a task that needs two gpus gets
 * them, however many there are that need one: nobody after it takes the first that comes free. Slots need no keeping:
 * whoever is first in its pool gets the next one. And who lacks only a slot of its pool, and needs nothing but that,
 * keeps nothing.
 */
export class Admission {
  readonly #nodes: NodeColumns;
  readonly #claims: Claims;
  readonly #values: ValueMemory;
  readonly #queueOf: (id: number) => ReadyQueue;
  readonly #before: (a: number, b: number) => boolean;
  readonly #mayGoAhead: (id: number) => boolean;
  /** Told what the first of a queue lacks. */
  readonly #onLacking: (id: number, resource: number) => void;
  readonly #heads: number[] = [];
  /** Pools whose first may not go ahead: nobody else does, then. */
  readonly #closed = new Set<Pool>();

  constructor(
    parts: Readonly<{
      nodes: NodeColumns;
      claims: Claims;
      values: ValueMemory;
      queueOf: (id: number) => ReadyQueue;
      before: (a: number, b: number) => boolean;
      mayGoAhead: (id: number) => boolean;
      onLacking: (id: number, resource: number) => void;
    }>,
  ) {
    this.#nodes = parts.nodes;
    this.#claims = parts.claims;
    this.#values = parts.values;
    this.#queueOf = parts.queueOf;
    this.#before = parts.before;
    this.#mayGoAhead = parts.mayGoAhead;
    this.#onLacking = parts.onLacking;
  }

  /** The node to go next; one that is first and has to be withheld before that can be said; or undefined. */
  next(queues: readonly ReadyQueue[]): number | Withheld | undefined {
    const kept: Kept = { light: 0, all: 0 };
    this.#closed.clear();
    try {
      for (const id of this.#headsOf(queues)) {
        const queue = this.#queueOf(id);
        const memory = this.#values.claimOf(id);
        const hasRoom = this.#hasRoom(id, queue);
        const lacking = this.#claims.lacking(queue.claims);
        const isAdmitted = this.#values.admits(memory, kept);
        queue.lacking = hasRoom ? lacking : -1;
        if (hasRoom && lacking < 0 && isAdmitted) return id;
        const isWithheld = this.#nodes.has(id, WITHHELD);
        if (hasRoom && lacking < 0 && !isWithheld) return { id, isLight: memory.weight !== 'heavy' };
        if (hasRoom && lacking >= 0) this.#onLacking(id, lacking);
        if (queue.claims !== 0 || isWithheld) this.#keep(queue.claims, memory, kept);
      }
      return undefined;
    } finally {
      this.#claims.keepNothing();
    }
  }

  /**
   * The deepest, then the oldest, of those that lack nothing but memory, or only what is kept for others: it has to
   * go, because nothing runs and nothing else may. -1 if there is none.
   */
  deepest(queues: readonly ReadyQueue[]): number {
    const { depth, seq } = this.#nodes;
    let best = -1;
    for (const id of this.#headsOf(queues)) {
      const { pool, claims } = this.#queueOf(id);
      if (roomIn(pool) !== 'slot' || this.#claims.lacking(claims) >= 0) continue;
      const byDepth = best < 0 ? -1 : (depth[best] ?? 0) - (depth[id] ?? 0);
      if (byDepth < 0 || (byDepth === 0 && (seq[id] ?? 0) < (seq[best] ?? 0))) best = id;
    }
    return best;
  }

  #headsOf(queues: readonly ReadyQueue[]): readonly number[] {
    const heads = this.#heads;
    heads.length = 0;
    for (const { ready, light, heavy } of queues) {
      for (const id of [ready.peek(), light.peek(), heavy.peek()]) if (id >= 0) heads.push(id);
    }
    return heads.sort((a, b) => (this.#before(a, b) ? -1 : 1));
  }

  /** Only nodes that need nothing but a slot go ahead of one, and only if the first in their pool does. */
  #hasRoom(id: number, { pool, claims }: ReadyQueue): boolean {
    const room = roomIn(pool);
    if (room !== 'ahead') return room === 'slot';
    if (this.#closed.has(pool)) return false;
    if (claims === 0 && this.#mayGoAhead(id)) return true;
    this.#closed.add(pool);
    return false;
  }

  #keep(claims: number, { weight, bytes }: MemoryClaim, kept: Kept): void {
    this.#claims.keep(claims);
    kept.all += bytes;
    if (weight !== 'heavy') kept.light += bytes;
  }
}

/** In which heap of its queue a node waits. */
export function heapOf(nodes: NodeColumns, id: number, queue: ReadyQueue): ReadyQueue['ready'] {
  if (!nodes.has(id, WITHHELD)) return queue.ready;
  return nodes.has(id, LIGHT) ? queue.light : queue.heavy;
}
