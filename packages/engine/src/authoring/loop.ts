import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { TaskFuture } from '../future/future.ts';
import { checkOptions } from '../options/check-options.ts';
import { previewValue } from '../results/preview.ts';
import type { LoopOptions } from '../context/scope.ts';
import { LOOP_OPTIONS } from './call-option-rules.ts';
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
  options: LoopOptions,
  body: (cycle: Cycle) => PromiseLike<T> | T,
): TaskFuture<LoopResult<T>> {
  checkOptions(`loop '${name}'`, LOOP_OPTIONS, options);
  assertBody('loop', name, body);
  const scope = currentScope(`loop '${name}'`);
  return scope.loop(name, options, async (cycle) => body(cycle)) as TaskFuture<LoopResult<T>>;
}

/** A named part of a flow, shown and counted as one thing. */
export function group<T>(name: string, body: () => PromiseLike<T> | T): TaskFuture<T> {
  assertBody('group', name, body);
  return currentScope(`group '${name}'`).group(name, async () => body()) as TaskFuture<T>;
}

/** Throws `INVALID_LOOP` or `INVALID_GROUP`, with the user's line, for what is no function. */
function assertBody(kind: 'loop' | 'group', name: string, body: unknown): void {
  if (typeof body === 'function') return;
  const message = `${kind} '${name}' needs a function, got ${previewValue(body)}`;
  const at = userCallSite()?.at;
  if (kind === 'loop') {
    throw new SiderealError('INVALID_LOOP', message, {
      at,
      remedy: "Write loop('name', { max: 10 }, async (cycle) => …).",
    });
  }
  throw new SiderealError('INVALID_GROUP', message, { at, remedy: "Write group('name', async () => …)." });
}
