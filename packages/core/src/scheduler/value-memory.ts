import type { MemoryLedger } from './memory-ledger.ts';
import { ALIVE, CONTAINER, type NodeColumns } from './node-columns.ts';
import type { InstructionQueue } from './instruction-queue.ts';

/**
 * Which values are in memory, and which are expected there. A task reserves what it is expected to make while
 * it runs; its value is alive from its end until nobody needs it, then it is dropped.
 */
export class ValueMemory {
  readonly ledger: MemoryLedger;
  readonly #nodes: NodeColumns;
  readonly #queue: InstructionQueue;

  constructor(nodes: NodeColumns, ledger: MemoryLedger, queue: InstructionQueue) {
    this.#nodes = nodes;
    this.ledger = ledger;
    this.#queue = queue;
  }

  /** Bytes that a run of it is expected to make. */
  estimate(id: number): number {
    return this.ledger.estimate(this.#nodes.nameId[id] ?? -1, this.#nodes.declared[id] ?? -1);
  }

  /** Does what it is expected to make fit the budget? */
  admits(id: number): boolean {
    return this.ledger.admits(this.estimate(id));
  }

  reserve(id: number): void {
    const bytes = this.estimate(id);
    this.#nodes.bytes[id] = bytes;
    this.ledger.reserved += bytes;
  }

  unreserve(id: number): void {
    if (this.#nodes.has(id, CONTAINER)) return;
    this.ledger.reserved -= this.#nodes.bytes[id] ?? 0;
    this.#nodes.bytes[id] = 0;
  }

  /** An attempt has made a value. */
  made(id: number, bytes: number): void {
    if (!this.#nodes.has(id, CONTAINER)) this.ledger.learn(this.#nodes.nameId[id] ?? -1, bytes);
    this.keep(id, bytes);
  }

  /** A value is in memory from now on. */
  keep(id: number, bytes: number): void {
    this.#nodes.set(id, ALIVE);
    this.#nodes.bytes[id] = bytes;
    this.ledger.alive += bytes;
  }

  /** A value is in memory no more. */
  lose(id: number): void {
    if (!this.#nodes.has(id, ALIVE)) return;
    this.ledger.alive -= this.#nodes.bytes[id] ?? 0;
    this.#nodes.bytes[id] = 0;
    this.#nodes.clear(id, ALIVE);
  }

  /** Consumers that have not ended, and holders. */
  needOf(id: number): number {
    return (this.#nodes.consumers[id] ?? 0) + (this.#nodes.holders[id] ?? 0);
  }

  /** Drops a value that nobody needs. */
  readonly dropUnneeded = (id: number): void => {
    if (!this.#nodes.has(id, ALIVE) || this.needOf(id) > 0 || !this.#nodes.hasEnded(id)) return;
    this.lose(id);
    this.#queue.push({ op: 'drop', id });
  };
}
