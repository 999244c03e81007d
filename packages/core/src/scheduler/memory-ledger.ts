/**
 * Bytes of results: alive (in memory, needed), reserved (running, expected), and what a run of each name is
 * expected to make: as declared, else learned from those that ended. Beside them what the shell itself holds.
 */
export class MemoryLedger {
  readonly budget: number;
  alive = 0;
  reserved = 0;
  /** Bytes beside results: copies of large arguments. */
  beside = 0;
  readonly #learned = new Map<number, number>();

  constructor(budget: number) {
    this.budget = budget;
  }

  /** Expected result size of a run of this name, bytes. */
  estimate(nameId: number, declaredBytes: number): number {
    return declaredBytes >= 0 ? declaredBytes : (this.#learned.get(nameId) ?? 0);
  }

  /** Has a run of this name ended with a value? */
  knows(nameId: number): boolean {
    return this.#learned.has(nameId);
  }

  /** Learns from a result: quickly up, slowly down, so that a rare large one is remembered. */
  learn(nameId: number, bytes: number): void {
    const before = this.#learned.get(nameId);
    const slow = before === undefined ? bytes : Math.ceil(before * 0.9 + bytes * 0.1);
    // Whole bytes, so that reserving and releasing them adds up exactly.
    this.#learned.set(nameId, Math.max(bytes, slow));
  }

  /** May something that is expected to make `bytes` start within the budget? */
  admits(bytes: number): boolean {
    return this.excess(bytes) <= 0;
  }

  /** By how much the budget would be exceeded if something that is expected to make `bytes` started. */
  excess(bytes: number): number {
    return this.alive + this.reserved + this.beside + bytes - this.budget;
  }
}
