import { url as inspectorUrl } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';
import { BEAT_MS, FlowThreadCells, LOOK_SYMBOL, type HeldBy } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import { userCallSite } from '../identity/call-site.ts';
import type { Signals } from './signals.ts';

/**
 * The main thread as the threads of stores see it while runs are alive in it: it beats, says whose code it begins, and
 * can be looked into while it is held. Flows that a program executes in a thread of its own are not watched.
 */
export class FlowThread {
  readonly cells = new FlowThreadCells();
  readonly #signals: Signals;
  #timer: NodeJS.Timeout | undefined;
  #runs = 0;
  /** Signals were given back to the system while it was held. */
  #hasGivenBack = false;

  constructor(signals: Signals) {
    this.#signals = signals;
    if (isMainThread) (globalThis as LookedInto)[LOOK] = this.#look;
  }

  /** The first run begins. */
  open(): void {
    if (!isMainThread) return;
    this.beat();
    this.#timer ??= setInterval(this.beat, BEAT_MS).unref();
  }

  /** The last run has ended. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.cells.rests();
  }

  /** What a run is called in the cells. */
  newRun(): number {
    this.#runs += 1;
    return this.#runs;
  }

  /** The thread has a turn. */
  readonly beat = (): void => {
    this.cells.beats(inspectorUrl() !== undefined);
    if (!this.#hasGivenBack) return;
    this.#hasGivenBack = false;
    this.#signals.takeAgain();
  };

  /** Called by who looks in, in the midst of the code that holds the thread. */
  readonly #look = (): string => {
    const at = userCallSite()?.at;
    const info = ambient.storage.getStore()?.info;
    if (at === undefined) return '';
    const hasSignals = this.#signals.giveBack();
    this.#hasGivenBack = true;
    // Before the event loop reads what has arrived: a signal that came early is dropped while it is given back.
    // Ticks come after all that is resolved already, and so after code that holds the thread piece by piece.
    queueMicrotask(() => process.nextTick(this.beat));
    const by: HeldBy = {
      runId: info?.runId ?? '',
      name: info?.name ?? '',
      ...(info === undefined ? {} : { key: info.key }),
      at,
      hasSignals,
    };
    return JSON.stringify(by);
  };
}

const LOOK = Symbol.for(LOOK_SYMBOL);
type LookedInto = { [LOOK]?: () => string };
