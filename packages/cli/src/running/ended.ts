import type { RunOutcome } from '@sidereal/engine';
import { segmentCounts, totalOf } from '../progress/segment.ts';
import type { StageSnapshot } from '../progress/stage-tree.ts';

/** How a run went, for what is printed at the end. */
export interface Ended {
  readonly outcome: RunOutcome;
  readonly flow: string;
  readonly stages: readonly StageSnapshot[];
  readonly durationMs: number;
  /** Folder of the store, as an absolute path. */
  readonly store: string;
}

/** Task runs of a whole run by segment. */
export function totalsOf(stages: readonly StageSnapshot[]): number[] {
  const totals = segmentCounts([]);
  for (const { counts } of stages) {
    for (const [at, count] of segmentCounts(counts).entries()) totals[at] = (totals[at] ?? 0) + count;
  }
  return totalOf(totals) === 0 ? [] : totals;
}
