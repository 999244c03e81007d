/**
 * What the thread that executes flows shows of itself in shared memory, so that the thread of a store can tell when it
 * is held by somebody's code, and by whose. Every write is a plain store; the flow's thread never waits here.
 *
 * `BEAT` rises with a timer of the flow's thread every {@link BEAT_MS}, and is 0 while no run is alive: a thread that is
 * idle beats, one that executes code without an end does not. `RUN` and `NODE` say whose code was begun last. `NOTICED`
 * is the beat at which a store has found the thread held: of several stores, the first one sees to it.
 */
const BEAT = 0;
const RUN = 1;
const NODE = 2;
const DEBUGGED = 3;
const NOTICED = 4;
const CELLS = 8;

/** From one beat of the flow's thread to the next, ms. */
export const BEAT_MS = 250;

/**
 * The function on this symbol of the flow's thread is called by who looks into the thread while it is held: it says
 * whose code that is ({@link HeldBy} as JSON, or `''` for nobody's) and gives signals back to the system.
 */
export const LOOK_SYMBOL = 'sidereal.flow-thread';

/** Whose code holds a thread. */
export interface HeldBy {
  readonly runId: string;
  /** Of the task, stage or flow; empty for code of no run. */
  readonly name: string;
  readonly key?: string;
  /** The user's own line; undefined inside a call of native code. */
  readonly at?: string;
  /** SIGINT and SIGTERM have the system's own effect until the thread is free. */
  readonly hasSignals: boolean;
}

export class FlowThreadCells {
  readonly cells: Int32Array<SharedArrayBuffer>;

  constructor(cells = new Int32Array(new SharedArrayBuffer(4 * CELLS))) {
    this.cells = cells;
  }

  // ---- the flow's thread ------------------------------------------------------------------------------

  /** The thread has had a turn. `isDebugged`: it may stand at a breakpoint, and is to be left alone. */
  beats(isDebugged: boolean): void {
    const { cells } = this;
    Atomics.store(cells, DEBUGGED, isDebugged ? 1 : 0);
    Atomics.store(cells, BEAT, Math.max(1, (this.beat + 1) | 0));
  }

  /** No run is alive: the thread may do what it likes. */
  rests(): void {
    Atomics.store(this.cells, BEAT, 0);
  }

  /** The code of this node begins. Hot path: two plain stores. */
  enters(run: number, node: number): void {
    const { cells } = this;
    cells[RUN] = run;
    cells[NODE] = node;
  }

  /** Has a store found the thread held, and not said yet that it is free? */
  get isNoticed(): boolean {
    return this.cells[NOTICED] !== 0;
  }

  // ---- the thread of a store --------------------------------------------------------------------------

  /** 0 while there is nothing to watch. */
  get beat(): number {
    return Atomics.load(this.cells, BEAT);
  }

  get isDebugged(): boolean {
    return Atomics.load(this.cells, DEBUGGED) !== 0;
  }

  /** Whose code was begun last. */
  get entered(): { readonly run: number; readonly node: number } {
    const { cells } = this;
    return { run: Atomics.load(cells, RUN), node: Atomics.load(cells, NODE) };
  }

  /** The thread is held since this beat; false if another store sees to that. */
  notice(beat: number): boolean {
    return Atomics.compareExchange(this.cells, NOTICED, 0, beat) === 0;
  }

  /** The thread is free again, and whom it concerns has been told. */
  forget(): void {
    Atomics.store(this.cells, NOTICED, 0);
  }
}
