import { epochMs } from '../../runners/clock.ts';
import type { JobTiming } from '../../runners/runner.ts';

/** How often deadlines are looked at, ms. */
const TICK_MS = 50;

interface Deadline {
  readonly ms: number;
  readonly expire: () => void;
  /** When the code began; absent: everything counts, pauses too. */
  readonly beganAt: (() => number | undefined) | undefined;
  /** Time spent up to the last pause. */
  spentMs: number;
  /** From when time is spent now, by `epochMs`; undefined until the code begins. */
  sinceMs: number | undefined;
  paused: number;
}

/**
 * How long attempts may take. Time is what the process's clock says, also while the thread is busy: what is over by
 * the time that it is free has expired. One timer serves all, and only while there is a deadline; it keeps no process.
 */
export class Deadlines<Key extends object> {
  readonly #deadlines = new Map<Key, Deadline>();
  #timer: NodeJS.Timeout | undefined;
  #isTicking = false;
  #lastMs = 0;

  /**
   * `expire` is called once `ms` have been spent, unless cleared; 0 means never. With `beganAt` that is running time:
   * from when the code began, without pauses. Without, it is all time from now on. It replaces an earlier one.
   */
  set(key: Key, ms: number, expire: () => void, beganAt?: () => number | undefined): void {
    this.#deadlines.delete(key);
    if (ms <= 0) return;
    const sinceMs = beganAt === undefined ? epochMs() : undefined;
    this.#deadlines.set(key, { ms, expire, beganAt, spentMs: 0, sinceMs, paused: 0 });
    if (this.#timer !== undefined) return;
    this.#lastMs = epochMs();
    this.#timer = setInterval(this.#tick, TICK_MS).unref();
  }

  clear(key: Key): void {
    if (this.#deadlines.delete(key) && this.#deadlines.size === 0) this.close();
  }

  /** Clears it, as its code has ended. True if it had taken too much running time by then. */
  end(key: Key, timing: JobTiming | undefined): boolean {
    const deadline = this.#deadlines.get(key);
    if (deadline === undefined) return false;
    this.clear(key);
    if (deadline.beganAt === undefined || timing === undefined) return false;
    deadline.sinceMs ??= timing.beganMs;
    return spentMs(deadline, timing.endedMs) >= deadline.ms;
  }

  /** Running time has stood still since then, though that is heard of only now. A `pause` is to follow. */
  waitsSince(key: Key, sinceMs: number): void {
    const deadline = this.#deadlines.get(key);
    if (deadline?.beganAt === undefined || deadline.paused > 0) return;
    deadline.spentMs = spentMs(deadline, sinceMs);
    deadline.sinceMs = epochMs();
  }

  /** Running time stands still until it is resumed as often. */
  pause(key: Key): void {
    const deadline = this.#deadlines.get(key);
    if (deadline?.beganAt === undefined) return;
    deadline.spentMs = spentMs(deadline, epochMs());
    deadline.paused += 1;
  }

  resume(key: Key): void {
    const deadline = this.#deadlines.get(key);
    if (deadline === undefined || deadline.paused === 0) return;
    deadline.paused -= 1;
    deadline.sinceMs = epochMs();
  }

  /**
   * Keeps the process until the next look, if a limit is nearing other than that of `except`: nothing else may be alive
   * in it, but what ends by its limit may let others go on. False if none is.
   */
  holdProcess(except: Key): boolean {
    for (const [key, deadline] of this.#deadlines) {
      if (key === except || !isNearing(deadline)) continue;
      this.#timer?.ref();
      return true;
    }
    return false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #tick = (): void => {
    this.#timer?.unref();
    const nowMs = epochMs();
    const isLate = nowMs - this.#lastMs > 2 * TICK_MS;
    this.#lastMs = nowMs;
    if (this.#isTicking) return;
    if (!isLate) {
      this.#expire(nowMs);
      return;
    }
    // The thread was busy. What has ended elsewhere meanwhile is read first: messages are, before immediates.
    this.#isTicking = true;
    setImmediate(() => {
      this.#isTicking = false;
      if (this.#timer !== undefined) this.#expire(nowMs);
    });
  };

  #expire(nowMs: number): void {
    for (const [key, deadline] of this.#deadlines) {
      if (spentMs(deadline, nowMs) < deadline.ms) continue;
      this.#deadlines.delete(key);
      deadline.expire();
    }
    if (this.#deadlines.size === 0) this.close();
  }
}

function isNearing({ paused, sinceMs, beganAt }: Deadline): boolean {
  return paused === 0 && (sinceMs ?? beganAt?.()) !== undefined;
}

function spentMs(deadline: Deadline, nowMs: number): number {
  if (deadline.paused > 0) return deadline.spentMs;
  deadline.sinceMs ??= deadline.beganAt?.();
  if (deadline.sinceMs === undefined) return deadline.spentMs;
  return deadline.spentMs + Math.max(nowMs - deadline.sinceMs, 0);
}
