/** How often deadlines are looked at, ms. */
const TICK_MS = 50;
/** A longer step than this means that the process stood still (a debugger, a suspended machine), ms. */
const STANDSTILL_MS = 1000;

interface Deadline {
  left: number;
  paused: number;
  readonly hasBegun: () => boolean;
  readonly expire: () => void;
}

/**
 * Timeouts on running time: waiting for children does not count, nor does a stop at a breakpoint. One timer
 * serves all, and only while there is a deadline.
 */
export class Deadlines<Key extends object> {
  readonly #deadlines = new Map<Key, Deadline>();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  /**
   * `expire` is called once `ms` of running time have passed since `hasBegun`, unless cleared. 0 means never.
   */
  set(key: Key, ms: number, expire: () => void, hasBegun: () => boolean = () => true): void {
    if (ms <= 0) return;
    this.#deadlines.set(key, { left: ms, paused: 0, hasBegun, expire });
    if (this.#timer !== undefined) return;
    this.#last = performance.now();
    this.#timer = setInterval(this.#tick, TICK_MS);
  }

  clear(key: Key): void {
    if (this.#deadlines.delete(key) && this.#deadlines.size === 0) this.close();
  }

  pause(key: Key): void {
    const deadline = this.#deadlines.get(key);
    if (deadline !== undefined) deadline.paused += 1;
  }

  resume(key: Key): void {
    const deadline = this.#deadlines.get(key);
    if (deadline !== undefined && deadline.paused > 0) deadline.paused -= 1;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #tick = (): void => {
    const now = performance.now();
    const step = now - this.#last;
    this.#last = now;
    if (step > STANDSTILL_MS) return;
    for (const [key, deadline] of this.#deadlines) {
      if (deadline.paused > 0 || !deadline.hasBegun()) continue;
      deadline.left -= step;
      if (deadline.left > 0) continue;
      this.#deadlines.delete(key);
      deadline.expire();
    }
    if (this.#deadlines.size === 0) this.close();
  };
}
