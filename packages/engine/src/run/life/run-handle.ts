import type { EndedState } from '@sidereal/core';
import type { StageProgress } from '../record/run-counters.ts';

/** How a run ended. `undefined` state: it has not ended, but this process has given it up (a full disk, a lost lease). */
export interface RunOutcome {
  readonly runId: string;
  readonly state: EndedState | undefined;
  readonly value?: unknown;
  readonly error?: Error;
}

/** A run under way. */
export interface RunHandle<T = unknown> {
  /** Resolves with its id once it is recorded that the run exists. */
  readonly id: Promise<string>;
  /** The flow's value; rejects with what made it fail. */
  readonly result: Promise<T>;
  /** The same without rejecting. */
  readonly outcome: Promise<RunOutcome>;
  /** Asks it to stop: waiting work ends, running work is signalled. */
  cancel(reason: string): void;
  /** Exact counts of task runs per stage and state, now. */
  progress(): readonly StageProgress[];
}
