interface Waiter {
  readonly number: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Batches that the store's thread took by itself: the holder learns that they were taken when it wants to record more,
 * and from the store that they are committed, in either order.
 */
export class TakenBatches {
  /** The last one that the holder knows of, and the last one that has ended. */
  private expected = 0;
  private last = 0;
  private error: Error | undefined;
  private waiters: Waiter[] = [];

  expect(number: number): void {
    this.expected = number;
  }

  ended(number: number, error: Error | undefined): void {
    this.last = Math.max(this.last, number);
    this.error ??= error;
    const waiters = this.waiters;
    this.waiters = waiters.filter((waiter) => waiter.number > this.last);
    for (const waiter of waiters) {
      if (waiter.number > this.last) continue;
      if (this.error === undefined) waiter.resolve();
      else waiter.reject(this.error);
    }
  }

  /** Resolves once those that the holder knows of are committed. Rejects if one of them was refused. */
  settled(): Promise<void> {
    if (this.expected > this.last) {
      return new Promise((resolve, reject) => {
        this.waiters.push({ number: this.expected, resolve, reject });
      });
    }
    return this.error === undefined ? Promise.resolve() : Promise.reject(this.error);
  }
}
