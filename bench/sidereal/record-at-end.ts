import { setTimeout as sleep } from 'node:timers/promises';
import { openStoreReader, type StoreReader, type Tally } from '@sidereal/store';
import type { Measured } from '../suite/outcome.ts';

/** Task runs of a run that count: not those that warmed it up. */
const isCounted = ({ name }: Tally): boolean => name !== 'warm-up';

const PATIENCE_MS = 60_000;

type Recorded = Pick<
  Measured,
  'tasksExecuted' | 'tasksCached' | 'recordedAtEnd' | 'recordedExpected' | 'secondsUntilRecorded'
>;

/**
 * What another process would find in the store at the moment a run is reported ended: opened for reading,
 * from the files. Waits for what is missing.
 */
export async function recordAtEnd(folder: string, runId: string, expected: number): Promise<Recorded> {
  const began = performance.now();
  using reader = openStoreReader(folder);
  const recordedAtEnd = endedRows(reader, runId);
  let rows = recordedAtEnd;
  let secondsUntilRecorded = 0;
  while (rows < expected) {
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(`only ${rows} of ${expected} task runs were recorded after a minute`);
    await sleep(5);
    rows = endedRows(reader, runId);
    secondsUntilRecorded = (performance.now() - began) / 1000;
  }
  return {
    tasksExecuted: count(reader, runId, ['completed']),
    tasksCached: count(reader, runId, ['cached']),
    recordedAtEnd,
    recordedExpected: expected,
    secondsUntilRecorded,
  };
}

/** All task runs in the record, those that warmed up included. */
export function recordedTaskRuns(folder: string, runId: string): number {
  using reader = openStoreReader(folder);
  return reader.tallies(runId).reduce((sum, tally) => sum + tally.count, 0);
}

function endedRows(reader: StoreReader, runId: string): number {
  return count(reader, runId, ['completed', 'cached', 'failed', 'crashed', 'cancelled', 'skipped']);
}

function count(reader: StoreReader, runId: string, states: readonly string[]): number {
  return reader
    .tallies(runId)
    .filter((tally) => isCounted(tally) && states.includes(tally.state))
    .reduce((sum, tally) => sum + tally.count, 0);
}
