/** What a flow made by chance does, step by step; every step has a number for its value. */
export type Step =
  | { readonly op: 'call' | 'twins' | 'in-map'; readonly n: number; readonly deps: readonly number[] }
  | { readonly op: 'refilled' | 'map' | 'reduce' | 'grown'; readonly n: number }
  /** Tasks and arguments that look alike and do not do the same. */
  | { readonly op: 'factory' | 'closure' | 'private'; readonly n: number }
  | { readonly op: 'keyed'; readonly n: number; readonly key: string }
  | { readonly op: 'drawn' }
  | { readonly op: 'stage' | 'task' | 'group'; readonly inner: readonly Step[] }
  /** Async functions side by side, each of which first waits for as long as chance has it. */
  | { readonly op: 'branches'; readonly branches: readonly (readonly Step[])[] };

export type Op = Step['op'];

/** The value of a body, from those of its steps. */
export function combined(values: readonly number[]): number {
  return values.reduce((sum, value) => (sum * 31 + value) % 1_000_003, 7);
}

/** Earlier values that a step consumes; `deps` count back. */
export function consumed<T>(earlier: readonly T[], deps: readonly number[]): readonly T[] {
  return deps.flatMap((back) => earlier.at(-1 - back) ?? []);
}

/** What stands in for the value of a call whose key its scope has already. */
export const REFUSED = 13;
