import type { AttemptTable } from '../attempts/attempt-table.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { ItemSource } from './item-source.ts';

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

  /** There is nothing to do: if nothing will come of itself either, windows open. */
  idle(): void {
    if (this.#sources.size === 0 || !this.#isStuck()) return;
    for (const source of this.#sources) {
      if (source.isDone) this.#sources.delete(source);
      else if (source.isFull) source.widen();
    }
  }

  /** Does everything under way wait for runs that cannot start: no task runs, no retry is due, no body does anything else? */
  #isStuck(): boolean {
    const { scheduler, hasTimers } = this.#loop;
    if (scheduler.active > 0 || scheduler.isHeld || hasTimers || this.#openCalls.size > 0) return false;
    for (const { id } of this.#attempts.bodies()) if (scheduler.awaitedBy(id) === 0) return false;
    return true;
  }
}
