/**
 * What `future.then(use)` without a rejection path gives: a promise that passes the duty of handling a failure
 * on to whoever takes it. The failure counts as handled once some promise of the chain gets a rejection path:
 * `future.then(use).catch(mend)`, or `await future.then(use)`.
 *
 * A chain that nobody takes does not end the process, as an unhandled rejection does: the failure of the run
 * itself fails the flow, and so does an error that `use` throws.
 */
export class DutyPromise<T> extends Promise<T> {
  #duty: Duty | undefined;
  #isTaken = false;

  /** A promise like `origin`. */
  static of<T>(origin: Promise<T>, duty: Duty): DutyPromise<T> {
    const promise = new DutyPromise<T>((resolve, reject) => {
      origin.then(resolve, reject);
    });
    promise.#watch(duty);
    return promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const duty = this.#duty;
    this.#isTaken = true;
    const next = super.then(onFulfilled, onRejected);
    if (duty === undefined) return next;
    if (typeof onRejected === 'function') duty.handled();
    else if (next instanceof DutyPromise) next.#watch(duty);
    return next;
  }

  #watch(duty: Duty): void {
    this.#duty = duty;
    super.then(undefined, (reason: unknown) => {
      if (!this.#isTaken) duty.rejected(reason, () => this.#isTaken);
    });
  }
}

/** Who is told about a chain of promises. */
export interface Duty {
  /** Somebody takes care of its rejection. */
  readonly handled: () => void;
  /** It has rejected, and nobody has taken it so far. */
  readonly rejected: (reason: unknown, isTaken: () => boolean) => void;
}
