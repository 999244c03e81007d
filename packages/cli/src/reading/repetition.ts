import { hasSucceeded, RESUME, type State } from '@sidereal/core';
import type { RunSummary, StoreReader, Tally } from '@sidereal/store';
import { readForetelling, type ForetoldNode } from './foretelling.ts';

/** Task runs that are alike in what a resume does with them. */
export interface Repeated {
  readonly name: string;
  readonly count: number;
  readonly states: readonly State[];
}

/** What a resume would do again, and what only a retry would. */
export interface Repetition {
  /** Had not ended, ended without a value for reasons other than a failure of their own, or were made of what is not any more. */
  readonly again: readonly Repeated[];
  /** Those of them that had ended well. */
  readonly stale: readonly Repeated[];
  /** Strict, and nobody knows whether their effect happened, or may happen again. */
  readonly unknown: readonly Repeated[];
  /** Completed, but their value is not kept: computed again if something needs it. */
  readonly notDurable: readonly Repeated[];
  /** Failed for good: `sidereal retry` runs them again. */
  readonly failed: readonly Repeated[];
  /** How many task runs are kept that had ended well. */
  readonly kept: number;
  /** What runs may have more called than the record knows of. */
  readonly atLeast: boolean;
}

/** Reads it off the record; nothing if the run has completed or is executed. */
export function readRepetition(reader: StoreReader, run: RunSummary): Repetition | undefined {
  if (run.liveness.status === 'live' || hasSucceeded(run.state)) return undefined;
  const { nodes, isAtLeast } = readForetelling(reader, run.id, RESUME);
  return repetitionOf(nodes, reader.tallies(run.id), isAtLeast);
}

export function repetitionOf(
  nodes: readonly ForetoldNode[],
  tallies: readonly Tally[],
  atLeast: boolean,
): Repetition {
  const tasks = nodes.filter(({ kind }) => kind === 'task');
  const decided = (decision: string): ForetoldNode[] =>
    tasks.filter((node) => node.decision.decision === decision);
  const again = decided('again');
  const kept = decided('keep');
  return {
    again: byName(again, one),
    stale: byName(
      again.filter(({ state }) => hasSucceeded(state)),
      one,
    ),
    unknown: byName(decided('doubt'), one),
    notDurable: byName(
      tallies.filter(({ state }) => hasSucceeded(state)),
      ({ count, durable }) => count - durable,
    ),
    failed: byName(
      kept.filter(({ state }) => state === 'failed'),
      one,
    ),
    kept: kept.filter(({ state }) => hasSucceeded(state)).length,
    atLeast,
  };
}

const one = (): number => 1;

function byName<Row extends { readonly name: string; readonly state: State }>(
  rows: readonly Row[],
  countOf: (row: Row) => number,
): Repeated[] {
  return [...Map.groupBy(rows, ({ name }) => name)]
    .map(([name, group]) => ({
      name,
      count: group.reduce((sum, row) => sum + countOf(row), 0),
      states: [...new Set(group.filter((row) => countOf(row) > 0).map(({ state }) => state))],
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
