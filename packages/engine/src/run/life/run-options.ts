import type { EndedState, JournalStore } from '@sidereal/core';
import type { ReuseRules } from '../record/resume-index.ts';
import type { StageProgress } from '../record/run-counters.ts';

/** How a run is started; all of it has defaults. */
export interface RunOptions {
  /** Where it is recorded; default: the configured store. It is not closed. */
  readonly store?: JournalStore;
  /** Continue this run instead of starting one. The recorded input is used. */
  readonly resume?: { readonly runId: string; readonly rules: ReuseRules; readonly takeOver: boolean };
  /** Check every scheduler invariant after every event; slow. */
  readonly validate?: boolean;
  /** Plain calls that may be outstanding; default a little over a million. More fail with `TOO_MANY_CALLS`. */
  readonly maxOutstandingCalls?: number;
  /** How long a full disk is waited for before the run gives up, ms; default 60,000. */
  readonly journalFullMs?: number;
  /** Remarks for people while it runs: changed code, a full disk, recomputation. */
  readonly onRemark?: (message: string) => void;
}

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
