/** What a flow made by chance does, step by step, and how each attempt of each step ends. */
import type { TriggerRule } from '@sidereal/core';

/** How attempts that fail do so. */
export type Failure =
  | 'error'
  | 'text'
  | 'nothing'
  | 'object'
  /** Its time is up, and it heeds that. */
  | 'timeout'
  /** `process.exit`, which is the task's end on threads only. */
  | 'exit';

/**
 * The ends of a step's attempts, by their numbers: so many fail, each in the same way, and whatever comes then ends as
 * `then` says. One that is not given as many attempts fails for ever, so that attempts that were cut off change nothing.
 */
export interface Ends {
  readonly fails: 'never' | 'once' | 'always';
  readonly how: Failure;
  readonly then: 'returns' | 'skips';
}

export interface TaskStep extends Ends {
  readonly op: 'task' | 'strict';
  readonly n: number;
  readonly rule: TriggerRule;
  /** Earlier steps that it consumes, or comes after, counted back. */
  readonly deps: readonly number[];
  readonly after: readonly number[];
  /** It leaves behind a rejection that nothing catches. */
  readonly strays: boolean;
}

export type Step =
  | TaskStep
  | { readonly op: 'map' | 'reduce'; readonly items: readonly Ends[] }
  /** Its body does its own steps, and then ends as it is to. */
  | (Ends & { readonly op: 'stage' | 'caller'; readonly inner: readonly Step[] })
  | { readonly op: 'group' | 'loop'; readonly inner: readonly Step[] };

/** What fails once has one retry; all others have none. */
export function retriesOf({ fails }: Ends): number {
  return fails === 'once' ? 1 : 0;
}

/** Rules under which a run may start before all that it consumes has ended: it sees no values. */
export const EARLY: ReadonlySet<TriggerRule> = new Set(['one_success', 'one_failed', 'one_done', 'always']);

/** The steps of this many places back, each once. */
export function earlier<T>(done: readonly T[], back: readonly number[]): readonly T[] {
  return [...new Set(back)].flatMap((places) => done.at(-1 - places) ?? []);
}
