import { flow, future, run, task } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import { flagVisibilities, vlbiFlagOptions } from '../../science/index.ts';
import type { FlagReport } from '../../science/index.ts';
import { windowOf } from '../direct/flag.ts';
import { shareBytes } from '../shared-observation.ts';
import type { Imported } from './import.ts';
import { judgeStage } from './stage-outcome.ts';

interface FlaggedWindow {
  /** [row, channel, correlation], in shared memory. */
  readonly flag: Uint8Array;
  readonly report: FlagReport;
}

export interface Flagged {
  readonly windows: readonly FlaggedWindow[];
  readonly outcome: StageOutcome;
}

/** Flags of one spectral window. Kept, so that a resumed run does not search again. */
const flagWindow = task(
  { name: 'flag-window', on: 'threads', persist: true },
  ({ observation }: Imported, window: number): FlaggedWindow => {
    const { flag, report } = flagVisibilities(windowOf(observation, window), vlbiFlagOptions);
    return { flag: shareBytes(flag), report };
  },
);

/** Stage: flags what lies far outside of its scan, and judges how much of what came without flags is lost. */
export const flagBands = flow(
  { name: 'flag', input: { imported: future<Imported>() } },
  async ({ imported }): Promise<Flagged> => {
    const { sets } = (await imported).observation;
    const startedMs = run.now();
    const windows = await flagWindow.map(
      sets.map((_, window) => window),
      (window) => [imported, window],
    );
    const total = (count: (report: FlagReport) => number): number =>
      windows.reduce((sum, { report }) => sum + count(report), 0);
    const before = total(({ already, invalid }) => already + invalid);
    const found = total(({ clipped, sumThreshold, extended }) => clipped + sumThreshold + extended);
    const usable = total(({ samples }) => samples) - before;
    const percent = usable === 0 ? 0 : (100 * found) / usable;
    run.log('flagged', { found, before, usable });
    const outcome = await judgeStage(startedMs, {
      name: 'flagged',
      metric: { name: 'newly flagged samples', value: percent, unit: '%' },
      worst: 30,
      best: 5,
      message: `${found} of ${usable} samples (${percent.toFixed(3)} %) lie far outside of their scans; ${before} had come with a flag or without weight`,
    });
    return { windows, outcome };
  },
);
