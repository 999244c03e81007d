import type { Timing } from '../formulas/overhead.ts';
import type { Measurement } from '../suite/measurement.ts';

/** The timing of a tree; undefined for other rows and for what was not measured. */
export function timingOf({ asked, result }: Measurement): Timing | undefined {
  if (asked.row !== 'tree' || result.kind !== 'measured') return undefined;
  const { tWorkflow, tSumTaskTimes } = result.outcome;
  if (tSumTaskTimes === undefined) return undefined;
  return { tWorkflow, tSumTaskTimes, slots: asked.processes * asked.threads, leaves: asked.n };
}
