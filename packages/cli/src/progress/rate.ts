/** How many things end per second, over the last few seconds. */
export class Rate {
  readonly #windowMs: number;
  readonly #samples: { readonly ms: number; readonly count: number }[] = [];

  constructor(windowMs = 5_000) {
    this.#windowMs = windowMs;
  }

  /** `count` have ended by the time `ms`. */
  add(ms: number, count: number): void {
    this.#samples.push({ ms, count });
    while (this.#samples.length > 2 && ms - (this.#samples[1]?.ms ?? ms) >= this.#windowMs)
      this.#samples.shift();
  }

  /** Per second; 0 until there are two moments to compare. */
  perSecond(): number {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.ms <= first.ms) return 0;
    return Math.max(0, ((last.count - first.count) * 1000) / (last.ms - first.ms));
  }
}
