/**
 * What `future.then(use)` without a rejection path gives: a promise that passes the care for a failure
 * on to whoever takes it. The failure counts as handled once some promise of the chain gets a rejection path:
 * `future.then(use).catch(mend)`, or `await future.then(use)`.
 *
 * A chain that nobody takes does not end the process, as an unhandled rejection does: the failure of the run
 * itself fails the flow, and so does an error that `use` throws.
 */
export class ChainedPromise<T> extends Promise<T> {
  #watcher: ChainWatch | undefined;
  #isTaken = false;

  /** A promise like `origin`. */
  static of<T>(origin: Promise<T>, watcher: ChainWatch): ChainedPromise<T> {
    const promise = new ChainedPromise<T>((resolve, reject) => {
      origin.then(resolve, reject);
    });
    promise.#watch(watcher);
    return promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const watcher = this.#watcher;
    this.#isTaken = true;
    const next = super.then(onFulfilled, onRejected);
    if (watcher === undefined) return next;
    if (typeof onRejected === 'function') watcher.handled();
    else if (next instanceof ChainedPromise) next.#watch(watcher);
    return next;
  }

  #watch(watcher: ChainWatch): void {
    this.#watcher = watcher;
    super.then(undefined, (reason: unknown) => {
      if (!this.#isTaken) watcher.rejected(reason, () => this.#isTaken);
    });
  }
}

/** Who is told about a chain of promises. */
export interface ChainWatch {
  /** Somebody takes care of its rejection. */
  readonly handled: () => void;
  /** It has rejected, and nobody has taken it so far. */
  readonly rejected: (reason: unknown, isTaken: () => boolean) => void;
}
