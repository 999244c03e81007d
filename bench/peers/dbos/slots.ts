/** As many tasks at a time as there are slots; those that finish something go before those that begin. */
export class Slots {
  private free: number;
  private readonly waiting: readonly [(() => void)[], (() => void)[]] = [[], []];

  constructor(count: number) {
    this.free = count;
  }

  async run<T>(order: 'first' | 'last', task: () => T | Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting[order === 'first' ? 0 : 1].push(resolve));
    try {
      return await task();
    } finally {
      const next = this.waiting[0].shift() ?? this.waiting[1].shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
