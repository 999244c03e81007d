import type { Holder } from '../../lease/holder.ts';
import { storeError } from '../../errors/store-error.ts';

/** Someone executes the run: says who, where and since when nothing was heard, and what to do about it. */
export function liveRunError(runId: string, holder: Holder, ageMs: number): Error {
  const seconds = (ageMs / 1000).toFixed(1);
  return storeError(
    'RUN_LIVE',
    `run ${runId} is being executed by process ${holder.pid} on ${holder.host} (heard of ${seconds} s ago)`,
    'Wait for it, cancel it with `sidereal cancel`, or take the run from it with --take-over.',
  );
}
