/** A thread that has not beaten for so long is held, ms: its beat and this clock's tick come on top. */
const HELD_MS = 2000;
/** Time between two ticks that counts at most, ms: while the process was stopped, nobody held anything. */
const TICK_COUNTS_MS = 500;

/** What a tick says of the watched thread. */
export type Hold =
  /** There is nothing to say. */
  | { readonly type: 'none' }
  /** It is held, and is to be looked into (again). */
  | { readonly type: 'held'; readonly heldMs: number }
  /** It was held, and has beaten again. */
  | { readonly type: 'free'; readonly heldMs: number };

/**
 * Tells from a beat when a thread is held. Time is counted from tick to tick, and each tick counts little: a process
 * that was stopped (SIGSTOP, a suspended machine) wakes as if no time had passed.
 */
export class HoldClock {
  #beat = 0;
  #tickMs = 0;
  #silentMs = 0;
  /** Silence at which to look next; it doubles from look to look. */
  #lookAtMs = HELD_MS;

  /** `beat` is 0 where nothing is to be watched. */
  tick(beat: number, nowMs: number): Hold {
    const passedMs = Math.min(nowMs - this.#tickMs, TICK_COUNTS_MS);
    this.#tickMs = nowMs;
    if (beat !== this.#beat || beat === 0) {
      const heldMs = this.#silentMs;
      const wasHeld = this.#lookAtMs > HELD_MS;
      this.#beat = beat;
      this.#silentMs = 0;
      this.#lookAtMs = HELD_MS;
      return wasHeld ? { type: 'free', heldMs } : { type: 'none' };
    }
    this.#silentMs += passedMs;
    if (this.#silentMs < this.#lookAtMs) return { type: 'none' };
    this.#lookAtMs = 2 * this.#lookAtMs;
    return { type: 'held', heldMs: this.#silentMs };
  }
}
