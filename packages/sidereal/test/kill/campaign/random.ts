/** Numbers by chance that can be had again: everything in the plan of a campaign comes from one seed. */
export interface Chance {
  /** A number in 0..1. */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number;
  readonly one: <T>(of: readonly [T, ...T[]]) => T;
}

/** Mulberry32 (public domain). */
export function chance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    one: (of) => of[Math.floor(next() * of.length)] ?? of[0],
  };
}
