import type { JournalStore } from '@sidereal/core';
import { ambient } from '../ambient.ts';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { RunLife, RunOutcome } from './run-life.ts';
import type { ReuseRules } from './resume-index.ts';
import type { StageProgress } from './run-counters.ts';

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

/**
 * Starts (or continues) a run of a flow in this process. The engine proper is loaded only now: worker threads
 * import the same package to find their tasks, and need none of it.
 */
export function startRun(definition: FlowDefinition, input: unknown, options: RunOptions = {}): RunHandle {
  const id = Promise.withResolvers<string>();
  id.promise.catch(() => undefined);
  let life: RunLife | undefined;
  let cancelReason: string | undefined;
  const execute = async (): Promise<RunOutcome> => {
    const { RunLife: Life } = await import('./run-life.ts');
    life = new Life(definition, input, options, id);
    if (cancelReason !== undefined) life.cancel(cancelReason);
    return life.execute();
  };
  ambient.alive += 1;
  const outcome = execute().finally(() => {
    ambient.alive -= 1;
  });
  const result = outcome.then((ended) => {
    if (ended.error !== undefined) throw ended.error;
    return ended.value;
  });
  // Whoever started it may watch `outcome` instead.
  result.catch(() => undefined);
  return {
    id: id.promise,
    result,
    outcome,
    cancel: (reason) => {
      cancelReason = reason;
      life?.cancel(reason);
    },
    progress: () => life?.progress() ?? [],
  };
}
