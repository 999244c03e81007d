/**
 * What the thread that collects a batch (its writer) and the thread that may take it (its taker) say to each other
 * in shared memory, so that records reach the store while the writer's thread is held by somebody's code.
 *
 * The records lie in shared columns. The writer publishes each by raising `COUNT`, after all of its bytes; the taker
 * seals the batch by making `COUNT` negative, encodes what was published, and leaves the number sealed. Both are one
 * compare-and-exchange, so that a record is either part of what was taken or finds, when it is published, that it is
 * not: its writer then begins the next batch with it. Nobody sees a torn record, and none is lost or taken twice.
 *
 * `NUMBER` is the number that the batch will have in its journal. The writer sets it before it publishes anything of that
 * batch, so the taker asks for it once the batch is sealed; if the batch before is still on its way, it is opened again.
 *
 * `LOCK` is held by whoever encodes, and by the writer while it says that columns lie elsewhere. So the writer never
 * begins anew in columns that are being read; it waits, for as long as it takes to encode a batch, and only after its
 * thread was held.
 */
import { SiderealError } from '../../errors.ts';
import type { RecordColumn } from '../wire/column-memory.ts';

const LOCK = 0;
const COUNT = 1;
const STRINGS = 2;
const VERSION = 3;
const NUMBER = 4;
const CELLS = 8;

const FREE = 0;
const WRITER = 1;
const TAKER = 2;

/** One wait for the taker, and how many of them it may need: it encodes in milliseconds, on a machine that runs. */
const WAIT_MS = 100;
const WAITS = 600;

/** What a store offers that takes records by itself while the thread of the run that makes them is held. */
export interface BatchSharing {
  readonly cells: BatchCells;
  /** Records lie in these columns from now on. */
  columns(version: number, columns: readonly RecordColumn[]): void;
  /** The store has taken what was published as the batch that was next. Says the number of the one after it. */
  taken(): number;
  /** Resolves once everything that the store has taken by itself is committed. */
  settled(): Promise<void>;
}

/** See above; `cells` is shared by both threads. */
export class BatchCells {
  readonly cells: Int32Array<SharedArrayBuffer>;

  constructor(cells = new Int32Array(new SharedArrayBuffer(4 * CELLS))) {
    this.cells = cells;
  }

  // ---- the writer -------------------------------------------------------------------------------------

  /** The number of the batch that is collected now. */
  setNumber(number: number): void {
    Atomics.store(this.cells, NUMBER, number);
  }

  /** The record after the first `count` is complete; false if those were taken, and it is not among them. */
  publish(count: number, strings: number): boolean {
    const { cells } = this;
    cells[STRINGS] = strings;
    while (Atomics.compareExchange(cells, COUNT, count, count + 1) !== count) {
      // Sealed: whether for good is certain once nobody holds the lock.
      if (!this.beginWriting()) return false;
      this.endWriting();
    }
    return true;
  }

  /** Begins what the taker must not meet half done. False if the batch was taken. */
  beginWriting(): boolean {
    const { cells } = this;
    while (Atomics.compareExchange(cells, LOCK, FREE, WRITER) !== FREE) this.waitForTaker();
    if ((cells[COUNT] ?? 0) >= 0) return true;
    Atomics.store(cells, LOCK, FREE);
    return false;
  }

  endWriting(): void {
    Atomics.store(this.cells, LOCK, FREE);
  }

  /** Nothing is published any more; to be called between the two above, or after the batch was taken. */
  restart(): void {
    Atomics.store(this.cells, COUNT, 0);
  }

  /** Columns lie elsewhere; between the two above. */
  setVersion(version: number): void {
    Atomics.store(this.cells, VERSION, version);
  }

  private waitForTaker(): void {
    for (let waits = 0; Atomics.load(this.cells, LOCK) === TAKER; waits++) {
      if (waits === WAITS) throw takerLost();
      Atomics.wait(this.cells, LOCK, TAKER, WAIT_MS);
    }
  }

  // ---- the taker --------------------------------------------------------------------------------------

  /** Records published in the batch that is collected now. */
  get published(): number {
    return Math.max(0, Atomics.load(this.cells, COUNT));
  }

  /**
   * Seals the batch, if it has this number and lies in columns of this version, and has `encode` read it. Until that
   * returns the writer touches nothing of what was published.
   */
  take<T>(
    expected: Readonly<{ number: number; version: number }>,
    encode: (count: number, strings: number) => T,
  ): T | undefined {
    const { cells } = this;
    if (Atomics.compareExchange(cells, LOCK, FREE, TAKER) !== FREE) return undefined;
    try {
      if (Atomics.load(cells, VERSION) !== expected.version) return undefined;
      const count = this.seal();
      if (count === 0) return undefined;
      if (Atomics.load(cells, NUMBER) === expected.number) return encode(count, Atomics.load(cells, STRINGS));
      Atomics.store(cells, COUNT, count);
      return undefined;
    } finally {
      Atomics.store(cells, LOCK, FREE);
      Atomics.notify(cells, LOCK);
    }
  }

  /** Makes the number of published records final, if there are any. */
  private seal(): number {
    for (;;) {
      const count = Atomics.load(this.cells, COUNT);
      if (count <= 0) return 0;
      if (Atomics.compareExchange(this.cells, COUNT, count, -count) === count) return count;
    }
  }
}

function takerLost(): SiderealError<'STORE_FAILED'> {
  return new SiderealError('STORE_FAILED', "the store's thread stopped while it read records", {
    remedy: 'Resume the run: what was committed is safe. If it happens again, report it with the run id.',
  });
}
