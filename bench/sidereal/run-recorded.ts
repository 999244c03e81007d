import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, startRun, type Flow } from 'sidereal';
import type { Measured } from '../suite/outcome.ts';
import { recordAtEnd, recordedTaskRuns } from './record-at-end.ts';

/** What the flows of the rows return. `began` is of `performance.now()`, on this thread. */
interface RowResult {
  readonly began: number;
  readonly tSubmit?: number;
  readonly check?: number;
  readonly tSumTaskTimes?: number;
}

/** A flow to be measured: its record goes into a store of its own, made and removed here. */
export interface RecordedRun<Input> {
  readonly flow: Flow<Input, RowResult>;
  readonly input: Input;
  readonly runner: NonNullable<Flow<Input, RowResult>['definition']['options']['runner']>;
  /** Task runs that count. */
  readonly expected: number;
}

/** Runs the flow; the clock stops when the run is reported ended, its whole record on stable storage. */
export async function runRecorded<Input>(
  run: RecordedRun<Input>,
): Promise<Omit<Measured, 'versions' | 'settings'>> {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-bench-'));
  try {
    // An empty store, all of it in its file.
    await (await openStore(folder)).close();
    const before = bytesIn(folder);
    const store = await openStore(folder);
    const { definition } = run.flow;
    const placed = { ...definition, options: { ...definition.options, runner: run.runner } };
    const outcome = await startRun(placed, run.input, { store }).outcome;
    const ended = performance.now();
    if (outcome.error !== undefined) throw outcome.error;
    const { began, ...figures } = outcome.value as RowResult;
    const record = await recordAtEnd(folder, outcome.runId, run.expected);
    await store.close();
    const bytesPerTask = (bytesIn(folder) - before) / recordedTaskRuns(folder, outcome.runId);
    return { tWorkflow: (ended - began) / 1000, ...figures, ...record, bytesPerTask };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => statSync(join(folder, file)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
