import type { BatchTaker } from '@sidereal/core';
import type { RunFold } from '../fold/run-fold.ts';

/** A journal that this store's thread holds the lease of. */
export interface OpenJournal {
  /** What the main side calls it. */
  readonly handle: number;
  readonly runNo: number;
  readonly runId: string;
  readonly epoch: number;
  readonly fold: RunFold;
  /** Number of the last batch that was queued. */
  lastBatch: number;
  /** Takes what the holder has recorded, if it shares that. */
  taker: BatchTaker | undefined;
  /** A higher epoch was seen: nothing more can be appended. */
  fenced: boolean;
  /** A batch was refused for good, or the store is lost: every later append is refused with this. */
  failure: Error | undefined;
}
