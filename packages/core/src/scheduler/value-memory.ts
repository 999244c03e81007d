import { EDGE_DATA, type Edges } from './edges.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { ALIVE, CONTAINER, LOADING, REACQUIRING, UNKNOWN, type NodeColumns } from './node-columns.ts';
import type { InstructionQueue } from './instruction-queue.ts';

/** What a node needs of memory to start. */
export interface MemoryClaim {
  /**
   * `none`: nothing that counts. `light`: in the end it adds little or nothing; it passes others and may use the
   * headroom. `unknown`: nobody knows yet; it passes others, and one alone may use the headroom to be known. `heavy`: it
   * adds to what is alive.
   */
  readonly weight: 'none' | 'light' | 'unknown' | 'heavy';
  /** What it is expected to make, and to bring back into memory for that. */
  readonly bytes: number;
}

const NO_CLAIM: MemoryClaim = { weight: 'none', bytes: 0 };

/**
 * Which values are in memory, and which are expected there. A task reserves what it is expected to make while
 * it runs; its value is alive from its end until nobody needs it, then it is dropped. Of a value that was moved
 * out of memory the size is kept: who consumes it brings it back.
 */
export class ValueMemory {
  readonly ledger: MemoryLedger;
  readonly #nodes: NodeColumns;
  readonly #edges: Edges;
  readonly #queue: InstructionQueue;
  /** Some value has been moved out of memory: consumers are looked at for what they bring back. */
  #hasSpilled = false;

  constructor(nodes: NodeColumns, edges: Edges, ledger: MemoryLedger, queue: InstructionQueue) {
    this.#nodes = nodes;
    this.#edges = edges;
    this.ledger = ledger;
    this.#queue = queue;
  }

  /** Bytes that a run of it is expected to make. */
  estimate(id: number): number {
    return this.ledger.estimate(this.#nodes.nameId[id] ?? -1, this.#nodes.declared[id] ?? -1);
  }

  /** Does what it needs fit the budget, whatever it frees? */
  fits(id: number): boolean {
    return this.ledger.excess(this.#need(id)) <= 0;
  }

  claimOf(id: number): MemoryClaim {
    const nodes = this.#nodes;
    const { ledger } = this;
    if (nodes.has(id, REACQUIRING)) return NO_CLAIM;
    const bytes = this.#need(id);
    const isSmall = bytes <= ledger.small;
    const isFreeing = bytes <= this.#frees(id);
    if (bytes === 0 || (isSmall && isFreeing)) return NO_CLAIM;
    if (isSmall || isFreeing) return { weight: 'light', bytes };
    return { weight: this.#isUnknown(id) ? 'unknown' : 'heavy', bytes };
  }

  /** Is there room for a claim beside what is kept for those who come first? */
  admits({ weight, bytes }: MemoryClaim, kept: Readonly<{ light: number; all: number }>): boolean {
    if (weight === 'none') return true;
    const { total, limit, budget, unknown } = this.ledger;
    const passing = total + kept.light + bytes;
    if (weight === 'heavy') return total + kept.all + bytes <= budget;
    return passing <= (weight === 'light' || unknown === 0 ? limit : budget);
  }

  /** By how much its start exceeds the budget; not above 0 if it does not. */
  excess(id: number): number {
    return this.ledger.excess(this.#need(id));
  }

  /** It starts: what it makes is expected, and what it brings back. */
  reserve(id: number): void {
    const bytes = this.estimate(id);
    this.#nodes.bytes[id] = bytes;
    this.ledger.reserved += bytes;
    if (this.#isUnknown(id)) {
      this.#nodes.set(id, UNKNOWN);
      this.ledger.unknown += 1;
    }
    if (this.#hasSpilled) this.#expectInputs(id);
  }

  unreserve(id: number): void {
    if (this.#nodes.has(id, CONTAINER)) return;
    this.ledger.reserved -= this.#nodes.bytes[id] ?? 0;
    this.#nodes.bytes[id] = 0;
    if (!this.#nodes.has(id, UNKNOWN)) return;
    this.#nodes.clear(id, UNKNOWN);
    this.ledger.unknown -= 1;
  }

  /** An attempt has made a value. */
  made(id: number, bytes: number): void {
    if (!this.#nodes.has(id, CONTAINER)) this.ledger.learn(this.#nodes.nameId[id] ?? -1, bytes);
    this.keep(id, bytes);
  }

  /** A value is in memory from now on. */
  keep(id: number, bytes: number): void {
    const { ledger } = this;
    this.#expectNoMore(id);
    this.#nodes.set(id, ALIVE);
    this.#nodes.bytes[id] = bytes;
    ledger.alive += bytes;
    if (ledger.alive + ledger.beside > ledger.limit) this.#exceed(id);
  }

  /** A value was moved out of memory; it may come back. */
  spilled(id: number): void {
    if (this.#nodes.has(id, ALIVE) && (this.#nodes.bytes[id] ?? 0) > 0) this.#hasSpilled = true;
    this.#lose(id);
  }

  /** It begins again: what it was is of no matter. */
  forget(id: number): void {
    this.#expectNoMore(id);
    this.#nodes.bytes[id] = 0;
  }

  /** Consumers that have not ended, and holders. */
  needOf(id: number): number {
    return (this.#nodes.consumers[id] ?? 0) + (this.#nodes.holders[id] ?? 0);
  }

  /** Drops a value that nobody needs. */
  readonly dropUnneeded = (id: number): void => {
    if (this.needOf(id) > 0 || !this.#nodes.hasEnded(id)) return;
    if (this.#nodes.has(id, ALIVE)) {
      this.#lose(id);
      this.#queue.push({ op: 'drop', id });
    } else {
      this.#expectNoMore(id);
    }
  };

  #lose(id: number): void {
    if (!this.#nodes.has(id, ALIVE)) return;
    const { ledger } = this;
    ledger.alive -= this.#nodes.bytes[id] ?? 0;
    this.#nodes.clear(id, ALIVE);
    if (ledger.hasExceeded && ledger.alive + ledger.beside <= ledger.budget) ledger.hasExceeded = false;
  }

  #isUnknown(id: number): boolean {
    return (this.#nodes.declared[id] ?? -1) < 0 && !this.ledger.knows(this.#nodes.nameId[id] ?? -1);
  }

  /** What it is expected to make, and to bring back. */
  #need(id: number): number {
    return this.estimate(id) + (this.#hasSpilled ? this.#absent(id) : 0);
  }

  /** Bytes of inputs that are to be brought back by it alone. */
  #absent(id: number): number {
    const nodes = this.#nodes;
    const edges = this.#edges;
    let bytes = 0;
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      const from = edges.from[edge] ?? -1;
      if (((edges.flags[edge] ?? 0) & EDGE_DATA) !== 0 && this.#isAbsent(from))
        bytes += nodes.bytes[from] ?? 0;
    }
    return bytes;
  }

  /** Its share of what its end lets go: of each value that nobody holds, as much as each of its consumers has. */
  #frees(id: number): number {
    const nodes = this.#nodes;
    const edges = this.#edges;
    let bytes = 0;
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      const from = edges.from[edge] ?? -1;
      const isFreed =
        ((edges.flags[edge] ?? 0) & EDGE_DATA) !== 0 &&
        nodes.has(from, ALIVE) &&
        (nodes.holders[from] ?? 0) === 0;
      if (isFreed) bytes += (nodes.bytes[from] ?? 0) / Math.max(nodes.consumers[from] ?? 1, 1);
    }
    return bytes;
  }

  #expectInputs(id: number): void {
    const nodes = this.#nodes;
    const edges = this.#edges;
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      const from = edges.from[edge] ?? -1;
      if (((edges.flags[edge] ?? 0) & EDGE_DATA) === 0 || !this.#isAbsent(from)) continue;
      nodes.set(from, LOADING);
      this.ledger.loading += nodes.bytes[from] ?? 0;
    }
  }

  /** Has it a value that is not in memory, and that nobody brings back yet? */
  #isAbsent(id: number): boolean {
    return this.#nodes.hasSucceeded(id) && !this.#nodes.has(id, ALIVE | LOADING);
  }

  #expectNoMore(id: number): void {
    if (!this.#nodes.has(id, LOADING)) return;
    this.#nodes.clear(id, LOADING);
    this.ledger.loading -= this.#nodes.bytes[id] ?? 0;
  }

  #exceed(id: number): void {
    const { ledger } = this;
    if (ledger.hasExceeded) return;
    ledger.hasExceeded = true;
    this.#queue.push({ op: 'exceeded', id, bytes: ledger.alive + ledger.beside - ledger.budget });
  }
}
