import type { RunLoop } from '../loop/run-loop.ts';
import { journalFull } from './life-errors.ts';

/** How long a full disk is waited for. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

export interface JournalHoldHooks {
  /** Tells people. */
  readonly say: (message: string) => void;
  /** The run cannot go on here. */
  readonly giveUp: (error: Error) => void;
  readonly patienceMs: number | undefined;
}

/**
 * Starts nothing new while the journal cannot take it: more is unacknowledged than it may be, or the disk is full.
 * What runs goes on meanwhile. A disk that stays full is waited for, then the run is given up, to be resumed.
 */
export class JournalHold implements Disposable {
  readonly #hooks: JournalHoldHooks;
  #loop: RunLoop | undefined;
  #isBehind = false;
  #fullSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(hooks: JournalHoldHooks) {
    this.#hooks = hooks;
  }

  /** The run has begun: this is its loop. */
  open(loop: RunLoop): void {
    this.#loop = loop;
    this.#holdOrRelease();
  }

  /** More than enough is unacknowledged, or no longer so. */
  behind(isBehind: boolean): void {
    this.#isBehind = isBehind;
    this.#holdOrRelease();
  }

  full(message: string): void {
    if (this.#fullSince !== undefined) return;
    const { say, giveUp, patienceMs = PATIENCE_MS } = this.#hooks;
    const since = performance.now();
    this.#fullSince = since;
    say(`journal_full: ${message}; nothing new is started until there is space`);
    this.#holdOrRelease();
    this.#timer = setInterval(() => {
      if (performance.now() - since < patienceMs || (this.#loop?.scheduler.active ?? 0) > 0) return;
      clearInterval(this.#timer);
      giveUp(journalFull(message));
    }, LOOK_MS);
  }

  recovered(): void {
    clearInterval(this.#timer);
    this.#fullSince = undefined;
    this.#hooks.say('the journal can be written again; the run goes on');
    this.#holdOrRelease();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #holdOrRelease(): void {
    const loop = this.#loop;
    if (loop === undefined) return;
    if (this.#isBehind || this.#fullSince !== undefined) {
      loop.scheduler.hold();
    } else {
      loop.scheduler.release();
      loop.pump();
    }
  }
}
