import type { TaskFuture } from '../future.ts';
import { currentScope } from './current-scope.ts';

/** One turn of a loop. */
export interface Cycle {
  /** From 0. */
  readonly index: number;
  /** Records a figure of this cycle, to be shown along the loop: `cycle.metric('snr', 626)`. */
  metric(name: string, value: number, unit?: string): void;
  /** The loop ends after this cycle, for this reason. */
  exit(reason: string): void;
}

/** What a loop came to. */
export interface LoopResult<T> {
  /** What the last cycle returned. */
  readonly value: T;
  readonly cycles: number;
  /** As given to `exit`; `max` if every cycle was used. */
  readonly reason: string;
}

/**
 * A visible, data-dependent iteration: what each cycle submits is shown and counted under it.
 *
 * @example
 * const { value: image, reason } = await loop('self-cal', { max: 5 }, async (cycle) => {
 *   const { image, snr } = await selfCalibrate(cycle.index);
 *   cycle.metric('snr', snr);
 *   if (snr < 1.05 * best) cycle.exit('converged');
 *   return image;
 * });
 */
export function loop<T>(
  name: string,
  options: { readonly max: number },
  body: (cycle: Cycle) => PromiseLike<T> | T,
): TaskFuture<LoopResult<T>> {
  const scope = currentScope(`loop '${name}'`);
  return scope.loop(name, options, async (cycle) => body(cycle)) as TaskFuture<LoopResult<T>>;
}

/** A named part of a flow, shown and counted as one thing. */
export function group<T>(name: string, body: () => PromiseLike<T> | T): TaskFuture<T> {
  return currentScope(`group '${name}'`).group(name, async () => body()) as TaskFuture<T>;
}
