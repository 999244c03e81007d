/** The numbers from 0 to n − 1, pulled one by one, and when the last of them was. */
export interface Counted {
  readonly items: Iterable<number>;
  /** Seconds from `began` (of `performance.now()`) until the last number was pulled. */
  tSubmit(began: number): number;
}

export function counted(n: number): Counted {
  let last = Number.NaN;
  function* items(): Generator<number> {
    for (let i = 0; i < n; i += 1) {
      if (i === n - 1) last = performance.now();
      yield i;
    }
  }
  return { items: items(), tSubmit: (began) => (last - began) / 1000 };
}
