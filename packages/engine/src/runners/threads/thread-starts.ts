import type { SiderealError } from '@sidereal/core/errors';
import { threadStartFailed } from './thread-errors.ts';

/** Threads in a row that end before they are up; then no more are started. */
const MOST_FAILED = 3;

/** Counts the threads that could not be started. */
export class ThreadStarts {
  #failed = 0;

  /** One is up. */
  succeeded(): void {
    this.#failed = 0;
  }

  /** One has ended before it was up. Gives the error of those who wait for one if it was the last of too many. */
  failed(cause: unknown): SiderealError | undefined {
    this.#failed += 1;
    return this.#failed < MOST_FAILED ? undefined : this.impossible(cause);
  }

  /** None can be had now. */
  impossible(cause: unknown): SiderealError {
    this.#failed = 0;
    return threadStartFailed(cause);
  }
}
