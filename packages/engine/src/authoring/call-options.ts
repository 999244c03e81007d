import type { Arg } from './args.ts';
import type { CallOverrides } from '../definitions/call-overrides.ts';

/** Options of one call site: those of the task, what identifies the call, and runs to come after. */
export interface CallOptions extends CallOverrides {
  /** Runs that must have ended (well, under `all_success`) before this one starts, without consuming them. */
  readonly after?: readonly PromiseLike<unknown>[];
}

/** Options of one call of a flow as a stage. */
export interface StageCallOptions extends Pick<
  CallOptions,
  'when' | 'retries' | 'timeout' | 'priority' | 'tags' | 'key' | 'after'
> {}

/** Options of one `map`. */
export interface MapOptions<Item> {
  /** Identity of an item's run among its siblings; default: a hash of its arguments. */
  readonly key?: (item: Item, index: number) => string;
  /** Cancel the rest as soon as one item has failed for good; default: all items end first. */
  readonly failFast?: boolean;
}

/** Options of a reduce. */
export interface ReduceOptions<T, Arity extends number = number> {
  /** Items that one run combines, 2 or more: as many as its task can take; default 2. */
  readonly arity?: Arity;
  /** First item; needed if there may be none. */
  readonly initial?: Arg<T>;
}
