import { hasEnded, hasSucceeded, isActive, type State } from '@sidereal/core';
import type { RunSummary, StoreReader, Tally } from '@sidereal/store';
import { isInterrupted } from './run-status.ts';

/** Task runs that are alike in what a resume does with them. */
export interface Repeated {
  readonly name: string;
  readonly count: number;
  readonly states: readonly State[];
}

/** What a resume would do again, and what only a retry would. */
export interface Repetition {
  /** Had not ended, or ended without a value for reasons other than a failure of their own. */
  readonly again: readonly Repeated[];
  /** Strict and under way when the process died: nobody knows whether their effect happened. */
  readonly unknown: readonly Repeated[];
  /** Completed, but their value is not kept: computed again if something needs it. */
  readonly notDurable: readonly Repeated[];
  /** Failed for good: `sidereal retry` runs them again. */
  readonly failed: readonly Repeated[];
}

/** Reads it off the record; nothing if the run has completed or is executed. */
export function readRepetition(reader: StoreReader, run: RunSummary): Repetition | undefined {
  if (run.liveness.status === 'live' || hasSucceeded(run.state)) return undefined;
  return repetitionOf(reader.tallies(run.id), isInterrupted(run));
}

export function repetitionOf(tallies: readonly Tally[], wasInterrupted: boolean): Repetition {
  const isUnknown = ({ state, strict }: Tally): boolean => wasInterrupted && strict > 0 && isActive(state);
  const endsAgain = (state: State): boolean =>
    !hasEnded(state) || state === 'cancelled' || state === 'crashed' || state === 'upstream_failed';
  return {
    again: byName(
      tallies.filter(({ state }) => endsAgain(state)),
      (tally) => (isUnknown(tally) ? tally.count - tally.strict : tally.count),
    ),
    unknown: byName(tallies.filter(isUnknown), ({ strict }) => strict),
    notDurable: byName(
      tallies.filter(({ state }) => hasSucceeded(state)),
      ({ count, durable }) => count - durable,
    ),
    failed: byName(
      tallies.filter(({ state }) => state === 'failed'),
      ({ count }) => count,
    ),
  };
}

function byName(tallies: readonly Tally[], countOf: (tally: Tally) => number): Repeated[] {
  return [...Map.groupBy(tallies, ({ name }) => name)]
    .map(([name, group]) => ({
      name,
      count: group.reduce((sum, tally) => sum + countOf(tally), 0),
      states: [...new Set(group.filter((tally) => countOf(tally) > 0).map(({ state }) => state))],
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
