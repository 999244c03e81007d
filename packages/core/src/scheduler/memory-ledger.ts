/** How far beyond the budget what frees at least as much as it makes may go, and learned sizes may be wrong. */
const HEADROOM = 1.2;
/** Results up to this many bytes are small, unless the budget is. */
const SMALL_BYTES = 64 * 1024;

/**
 * Bytes of results: alive (in memory, needed), reserved (running, expected), loading (being read again), and what a
 * run of each name is expected to make: as declared, else learned from those that ended, else as the owner says for
 * a name of which nothing is known. Beside them what the shell itself holds.
 */
export class MemoryLedger {
  readonly budget: number;
  /** The budget and the headroom. */
  readonly limit: number;
  /** A result of so many bytes is small. */
  readonly small: number;
  /** What a run of which nothing is known is taken to make, bytes. */
  readonly unknownBytes: number;
  /** Such runs that execute. */
  unknown = 0;
  alive = 0;
  reserved = 0;
  loading = 0;
  /** Bytes beside results: copies of large arguments. */
  beside = 0;
  /** It has been said that what is alive exceeds the limit, and it has not been within the budget since. */
  hasExceeded = false;
  /** By name; -1 where nothing is known. */
  #learned = new Float64Array(64).fill(-1);

  constructor(budget: number, unknownBytes: number) {
    this.budget = budget;
    this.limit = budget * HEADROOM;
    this.small = Math.min(SMALL_BYTES, budget / 1024);
    this.unknownBytes = unknownBytes;
  }

  /** Expected result size of a run of this name, bytes. */
  estimate(nameId: number, declaredBytes: number): number {
    if (declaredBytes >= 0) return declaredBytes;
    const learned = this.#learned[nameId] ?? -1;
    return learned >= 0 ? learned : this.unknownBytes;
  }

  /** Has a run of this name ended with a value? */
  knows(nameId: number): boolean {
    return (this.#learned[nameId] ?? -1) >= 0;
  }

  /** Learns from a result: quickly up, slowly down, so that a rare large one is remembered. */
  learn(nameId: number, bytes: number): void {
    if (nameId >= this.#learned.length) this.#grow(nameId);
    const before = this.#learned[nameId] ?? -1;
    const slow = before < 0 ? bytes : Math.ceil(before * 0.9 + bytes * 0.1);
    // Whole bytes, so that reserving and releasing them adds up exactly.
    this.#learned[nameId] = Math.max(bytes, slow);
  }

  /** All that counts. */
  get total(): number {
    return this.alive + this.reserved + this.loading + this.beside;
  }

  /** By how much the budget would be exceeded if something that needs `bytes` started. */
  excess(bytes: number): number {
    return this.total + bytes - this.budget;
  }

  #grow(nameId: number): void {
    const learned = new Float64Array(Math.max(this.#learned.length * 2, nameId + 1)).fill(-1);
    learned.set(this.#learned);
    this.#learned = learned;
  }
}
