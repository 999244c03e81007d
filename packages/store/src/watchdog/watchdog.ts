/**
 * Watches the thread that executes flows, from the store's thread, and says so when somebody's code holds it: such code
 * cannot be stopped by anything in that thread, which does not even hear Ctrl-C. One for each store's thread, whatever
 * the number of its runs.
 */
import { LOOK_SYMBOL, type FlowThreadCells, type HeldBy } from '@sidereal/core';
import { heldLines } from './held-words.ts';
import { HoldClock } from './hold-clock.ts';
import { lookIntoMainThread } from './look-in.ts';
import { sayOnStderr } from './say-on-stderr.ts';

const TICK_MS = 200;
/** How long a look may take, ms: beyond that the thread is inside native code. */
const PATIENCE_MS = 1000;
const EXPRESSION = `globalThis[Symbol.for('${LOOK_SYMBOL}')]?.() ?? ''`;

/** The thread was held, and is free again. */
export interface EndedHold {
  readonly heldMs: number;
  /** Whose code it was; undefined if nobody's was found. */
  readonly by: HeldBy | undefined;
}

export interface WatchdogHost {
  /** Name of a node, and the id of its run, by what the flow's thread calls that. */
  nameOf(run: number, node: number): { readonly runId: string; readonly name: string } | undefined;
  freed(held: EndedHold): void;
}

export class Watchdog {
  readonly #cells: FlowThreadCells;
  readonly #host: WatchdogHost;
  readonly #clock = new HoldClock();
  readonly #timer: NodeJS.Timeout;
  /** Whose code holds the thread, as far as that is known. */
  #by: HeldBy | undefined;
  #isLooking = false;
  /** It was this store that noticed. */
  #isMine = false;

  constructor(cells: FlowThreadCells, host: WatchdogHost) {
    this.#cells = cells;
    this.#host = host;
    this.#timer = setInterval(this.#tick, TICK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#isMine) this.#cells.forget();
    this.#isMine = false;
  }

  readonly #tick = (): void => {
    const cells = this.#cells;
    const beat = cells.isDebugged ? 0 : cells.beat;
    const hold = this.#clock.tick(beat, performance.now());
    if (hold.type === 'held') {
      this.#isMine ||= cells.notice(beat);
      if (this.#isMine) void this.#look(beat, hold.heldMs);
    } else if (hold.type === 'free' && this.#isMine) {
      const by = this.#by;
      this.#by = undefined;
      this.#isMine = false;
      this.#host.freed({ heldMs: hold.heldMs, by });
      cells.forget();
    }
  };

  async #look(beat: number, heldMs: number): Promise<void> {
    // Whoever is known with a line need not be asked again.
    if (this.#isLooking || this.#by?.at !== undefined) return;
    this.#isLooking = true;
    const seen = await lookIntoMainThread(EXPRESSION, PATIENCE_MS);
    this.#isLooking = false;
    // Free meanwhile: what was found is not what held it.
    if (this.#cells.beat !== beat) return;
    const by = seen === undefined ? this.#begunLast() : heldBy(seen);
    const isKnown = by !== undefined && this.#by?.name === by.name && by.at === undefined;
    if (by === undefined || isKnown) return;
    this.#by = by;
    sayOnStderr(heldLines(by, heldMs));
  }

  /** Inside native code nobody can look: it is whose code was begun last. */
  #begunLast(): HeldBy | undefined {
    const { run, node } = this.#cells.entered;
    const named = this.#host.nameOf(run, node);
    return named === undefined ? undefined : { ...named, hasSignals: false };
  }
}

function heldBy(text: string): HeldBy | undefined {
  return text === '' ? undefined : (JSON.parse(text) as HeldBy);
}
