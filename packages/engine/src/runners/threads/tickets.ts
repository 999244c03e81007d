/**
 * Who has a job that was sent ahead: memory shared by the pool and one thread.
 *
 * A ticket goes `sent` → `taken` by the thread that begins it, or `sent` → `taken back` by the pool, once and
 * for all: both moves are one compare-and-exchange, so exactly one side wins. Beside it stands the time at
 * which the job's code began. Cells are reused once their ticket is no longer open; a stale ticket finds another's
 * value in its cell and counts as taken back.
 */
const CELLS = 4096;
const TICKETS = 2 ** 29;
const SENT = 1;
const TAKEN = 2;
const TAKEN_BACK = 3;
const BYTES_PER_CELL = Int32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT;

/** Tickets that may be open at once: half of the cells, so that a free one is soon found. */
export const MOST_OPEN = CELLS / 2;

export class Tickets {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #beganMs: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CELLS * BYTES_PER_CELL)) {
    this.memory = memory;
    this.#beganMs = new Float64Array(memory, 0, CELLS);
    this.#cells = new Int32Array(memory, CELLS * Float64Array.BYTES_PER_ELEMENT, CELLS);
  }

  /** The ticket after this one. */
  static next(ticket: number): number {
    return (ticket + 1) % TICKETS;
  }

  /** The ticket that was last given with the same cell; 0 if none was. */
  before(ticket: number): number {
    return Math.trunc((this.#cells[ticket % CELLS] ?? 0) / 4);
  }

  /** The pool, before it sends the job. */
  open(ticket: number): void {
    this.#beganMs[ticket % CELLS] = 0;
    Atomics.store(this.#cells, ticket % CELLS, ticket * 4 + SENT);
  }

  /** The thread, before it begins: false if the job was taken back. */
  take(ticket: number): boolean {
    return this.#move(ticket, TAKEN);
  }

  /** The pool: true if the thread will never begin it. */
  takeBack(ticket: number): boolean {
    return this.#move(ticket, TAKEN_BACK);
  }

  /** The thread, as the job's own code begins. */
  began(ticket: number, nowMs: number): void {
    this.#beganMs[ticket % CELLS] = nowMs;
  }

  /** When the code of an open ticket's job began. */
  beganAt(ticket: number): number | undefined {
    const beganMs = this.#beganMs[ticket % CELLS];
    return beganMs === 0 ? undefined : beganMs;
  }

  #move(ticket: number, to: number): boolean {
    const sent = ticket * 4 + SENT;
    return Atomics.compareExchange(this.#cells, ticket % CELLS, sent, ticket * 4 + to) === sent;
  }
}
