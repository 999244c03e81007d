import type { AttemptTable } from '../attempts/attempt-table.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { ItemSource } from './item-source.ts';

/** How far windows open in case what has begun waits, outside the engine, for what has not. */
const WIDEST = 2 ** 14;

/**
 * The windows that hold back items of maps and reduces. When nothing else can move they are widened, because
 * what has been taken may need the items behind it.
 */
export class Pacing {
  readonly #loop: RunLoop;
  readonly #attempts: AttemptTable;
  readonly #openCalls: OpenCalls;
  readonly #sources = new Set<ItemSource>();

  constructor(parts: Readonly<{ loop: RunLoop; attempts: AttemptTable; openCalls: OpenCalls }>) {
    this.#loop = parts.loop;
    this.#attempts = parts.attempts;
    this.#openCalls = parts.openCalls;
  }

  /** Begins to take items, within the source's window. */
  begin(source: ItemSource): void {
    this.#sources.add(source);
    source.pull();
  }

  /** Nothing in the process can move but by what the windows hold back: they open. Is there any? */
  open(): boolean {
    const full = this.#full().filter(({ window }) => window < WIDEST);
    for (const source of full) source.widen();
    return full.length > 0;
  }

  /**
   * Nothing has moved for long, though code that waits for something outside may still go on by itself: windows open a
   * little. Gives the names of what was held back.
   */
  openALittle(): readonly string[] {
    const { scheduler, hasTimers } = this.#loop;
    if (scheduler.active > 0 || scheduler.isHeld || hasTimers || this.#openCalls.size > 0) return [];
    const full = this.#full().filter(({ window }) => window < WIDEST);
    for (const source of full) source.extend();
    return full.map(({ name }) => name);
  }

  /** There is nothing to do: if nothing will come of itself either, windows open. */
  idle(): void {
    if (this.#sources.size === 0 || !this.#isStuck()) return;
    for (const source of this.#full()) source.widen();
  }

  #full(): ItemSource[] {
    for (const source of this.#sources) if (source.isDone) this.#sources.delete(source);
    return [...this.#sources].filter(({ isFull }) => isFull);
  }

  /** Does everything under way wait for runs that cannot start: no task runs, no retry is due, no body does anything else? */
  #isStuck(): boolean {
    const { scheduler, hasTimers } = this.#loop;
    if (scheduler.active > 0 || scheduler.isHeld || hasTimers || this.#openCalls.size > 0) return false;
    for (const { id } of this.#attempts.bodies()) if (scheduler.awaitedBy(id) === 0) return false;
    return true;
  }
}
