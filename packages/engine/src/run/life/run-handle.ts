import type { EndedState } from '@sidereal/core';
import type { StageProgress } from '../record/run-counters.ts';

/** How a run ended. `undefined` state: it has not ended, but this process has given it up (a full disk, a lost lease). */
export interface RunOutcome {
  readonly runId: string;
  readonly state: EndedState | undefined;
  readonly value?: unknown;
  readonly error?: Error;
  /** How many errors nothing in its code caught, if any: each is in the record. */
  readonly strayErrors?: number;
}

/** What is to stop: a node by its number in the record or the beginning of its key, as in `sidereal show RUN TASK`. */
export interface CancelPart {
  readonly task?: number | string;
}

/** A run under way. */
export interface RunHandle<T = unknown> {
  /** Resolves with its id once it is recorded that the run exists. */
  readonly id: Promise<string>;
  /** The flow's value; rejects with what made it fail. */
  readonly result: Promise<T>;
  /** The same without rejecting. */
  readonly outcome: Promise<RunOutcome>;
  /**
   * Asks it to stop: waiting work ends, running work is signalled, what has not stopped within its grace is abandoned.
   * With `task` only that part of it stops, with all beneath: a task run, stage, map …; who awaits it meets an error,
   * and the rest goes on. Asked again, what has not stopped is abandoned at once. Throws `NODE_NOT_FOUND`,
   * `NODE_AMBIGUOUS` or `NODE_ENDED` for a part that is not under way.
   */
  cancel(reason: string, part?: CancelPart): void;
  /** Exact counts of task runs per stage and state, now. */
  progress(): readonly StageProgress[];
}
