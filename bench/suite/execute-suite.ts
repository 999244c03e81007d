import { openStore, RESUME, startRun, type RunOutcome } from 'sidereal';
import { durationText, sumOfEstimates } from './estimate.ts';
import type { Measurement } from './measurement.ts';
import { showProgress } from './progress.ts';
import { suiteFlow, type SuiteInput } from './suite-flow.ts';
import { askedText, type SuiteFolder } from './suite-folder.ts';

export interface ExecutedSuite {
  readonly runId: string;
  /** When it began, ISO 8601. */
  readonly began: string;
  readonly measurements: readonly Measurement[];
  /** Everything that was planned is there. */
  readonly isOver: boolean;
  readonly error?: Error | undefined;
}

export interface ExecuteOptions {
  readonly folder: SuiteFolder;
  readonly input: SuiteInput;
  /** Go on with what is in the folder, even if it was asked for something else. */
  readonly resume: boolean;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Runs the suite's pipeline, or goes on with the one in the folder: if that was interrupted and was asked for
 * the same, or if `resume` wants it; then one that is over gives its measurements once more. The first Ctrl-C
 * ends the case under way and then the suite.
 */
export async function executeSuite(options: ExecuteOptions): Promise<ExecutedSuite> {
  const { folder, input, stderr } = options;
  const asked = askedText(input);
  const before = folder.read();
  const goesOn = before !== undefined && (options.resume || (!before.isOver && before.asked === asked));
  if (folder.endLeftover()) stderr.write('a process that the killed suite left behind is ended\n');

  const meant = goesOn ? (JSON.parse(before.asked) as SuiteInput) : input;
  const { planned, limits } = meant;
  const about = sumOfEstimates(planned, limits.budgetSeconds);
  stderr.write(
    goesOn && before.isOver
      ? `the suite in ${folder.path} is over: its ${planned.length} measurements again\n`
      : `${planned.length} measurements, about ${durationText(about)}; recorded in ${folder.path}\n`,
  );
  const progress = showProgress(planned, limits.budgetSeconds, stderr);
  const measurements: Measurement[] = [];
  const flow = suiteFlow({
    onBegin: progress.onBegin,
    onProcess: folder.noteProcess,
    onMeasurement: (measurement) => {
      measurements.push(measurement);
      progress.onMeasurement(measurement);
    },
  });

  await using store = await openStore(folder.store);
  const resume = goesOn ? { runId: before.runId, rules: RESUME, takeOver: false } : undefined;
  const handle = startRun(flow.definition, meant, resume === undefined ? { store } : { store, resume });
  const began = before !== undefined && goesOn ? before.began : new Date().toISOString();
  handle.id.then(
    (runId) => folder.write({ runId, isOver: false, asked: goesOn ? before.asked : asked, began }),
    () => undefined,
  );
  const stop = (): void => {
    stderr.write('\nstopping; the same command goes on from here\n');
    handle.cancel('stopped by hand');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const outcome: RunOutcome = await handle.outcome;
  process.off('SIGINT', stop).off('SIGTERM', stop);
  progress.close();
  const { runId, error, value } = outcome;
  // A suite that was over did not run: its measurements are the value of its run.
  if (goesOn && before.isOver && value !== undefined) measurements.push(...(value as Measurement[]));
  const isOver = measurements.length === planned.length;
  if (isOver) folder.write({ runId, isOver, asked: goesOn ? before.asked : asked, began });
  return { runId, began, measurements, isOver, error };
}
