import type { FlowThreadCells, HeldBy, Journal } from '@sidereal/core';
import { epochMs } from '../../runners/clock.ts';
import type { JobTiming } from '../../runners/runner.ts';

/** An end that is heard of so much later has waited for the thread, ms. */
const WAITED_MS = 100;

/** The thread that executes a run, as far as somebody's code holds it: see `process/flow-thread.ts`. */
export class HeldThread {
  readonly #cells: FlowThreadCells;
  readonly #run: number;
  #waited = 0;

  constructor(thread: Readonly<{ cells: FlowThreadCells; run: number }>, journal: Journal) {
    this.#cells = thread.cells;
    this.#run = thread.run;
    journal.watch?.(thread.cells, thread.run);
  }

  /** The code of this node begins on the thread. */
  enters(idx: number): void {
    this.#cells.enters(this.#run, idx);
  }

  /** A job has ended. Counts those whose end was not heard because the thread was held. */
  ended(timing: JobTiming | undefined): void {
    if (timing === undefined || !this.#cells.isNoticed) return;
    if (epochMs() - timing.endedMs > WAITED_MS) this.#waited += 1;
  }

  /** It was held, and nobody has been told yet. */
  get isNoticed(): boolean {
    return this.#cells.isNoticed;
  }

  /** How many ends have waited for the thread since this was asked last. */
  takeWaited(): number {
    const waited = this.#waited;
    this.#waited = 0;
    return waited;
  }
}

/** `the thread of the flow was held for 12.3 s by 'clean' (flow.ts:3:9); 14 completions waited` */
export function heldText(heldMs: number, { name, at }: HeldBy, waited: number): string {
  const code = name === '' ? 'code' : `'${name}'`;
  const where = at === undefined ? ', inside a call of native code' : ` (${at})`;
  const others = waited === 1 ? '; 1 completion waited' : waited > 1 ? `; ${waited} completions waited` : '';
  return `the thread of the flow was held for ${(heldMs / 1000).toFixed(1)} s by ${code}${where}${others}`;
}
