import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { CycleScope, LoopOptions } from '../scope.ts';
import { runBody } from './body-container.ts';
import type { MainScope } from './main-scope.ts';
import type { RunFuture } from './run-future.ts';

/** Why a loop ended when its body asked for no exit. */
const MAX_REACHED = 'max';

/**
 * A visible, data-dependent iteration: a loop container with one cycle container a turn. It ends when a cycle
 * says `exit(reason)`, or after `max` cycles.
 */
export function runLoop<T>(
  outer: MainScope,
  name: string,
  options: LoopOptions,
  body: (cycle: CycleScope) => Promise<T>,
): RunFuture {
  const { max } = options;
  if (!Number.isInteger(max) || max < 1) {
    throw new SiderealError('INVALID_LOOP', `loop '${name}' cannot have max ${max}`, {
      at: userCallSite()?.at,
      remedy: 'Give the number of cycles after which it ends in any case: loop(name, { max: 10 }, …).',
    });
  }
  return runBody(outer, 'loop', name, [], async (loop) => {
    let value: unknown;
    let reason: string | undefined;
    let cycles = 0;
    while (cycles < max && reason === undefined) {
      const index = cycles;
      value = await runBody(loop, 'cycle', name, [index], (scope) =>
        body({
          index,
          metric: (metric, number, unit = '') =>
            scope.say('metric', { name: metric, value: number, unit }, `metric ${metric}`),
          exit: (why) => {
            reason = why;
          },
        }),
      );
      cycles += 1;
    }
    loop.say('exit', { reason: reason ?? MAX_REACHED, cycles }, 'exit');
    return { value, cycles, reason: reason ?? MAX_REACHED };
  });
}
