import { artifact, flow, future, loop, skip, task } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import { z } from 'zod';
import { judgeCycle } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { failAtRandom } from '../failures/mock-failure.ts';
import type { MockFailures } from '../failures/mock-failure.ts';
import { applyGains } from '../imaging/apply-gains.ts';
import { joinWindows } from '../imaging/continuum-window.ts';
import type { ContinuumImage } from '../imaging/continuum-clean.ts';
import { imagingSettings } from '../imaging/imaging-settings.ts';
import { selfCalStep } from '../imaging/self-cal-step.ts';
import { joinTables, planGains, saveModel, solveScan } from '../imaging/solve-scan.ts';
import { solveContinuum } from '../imaging/solve-continuum.ts';
import { writeTable } from '../products/calibration-file.ts';
import type { StageOutputs } from '../products/stage-outputs.ts';
import { stageFolder } from '../products/stage-products.ts';
import { RETRIES } from '../retries.ts';
import { fileName } from '../visibilities.ts';
import type { FieldWindow } from '../visibilities.ts';

type SelfCalRecord = StageOutputs['continuum-selfcal']['selfCal'][number];

/** The best image of a field, and the tables that it was made with. */
export interface SelfCalibrated extends Pick<SelfCalRecord, 'reason' | 'cycles'> {
  readonly image: ContinuumImage;
  readonly state: Exclude<SelfCalRecord['state'], 'skipped'>;
  /** Paths below the stage's folder, in the order of application; for all spectral windows. */
  readonly tables: readonly string[];
}

const saveTable = task(
  { name: 'write-table', on: 'threads', retries: RETRIES },
  async (folder: string, name: string, table: CalibrationTable, failures: MockFailures): Promise<string> => {
    failAtRandom(failures, 'continuum-selfcal', name);
    return writeTable(folder, name, table);
  },
);

/** What a cycle starts from, and goes back to if it makes things worse: what is kept in the record, and no more. */
interface Best {
  readonly image: TaskFuture<ContinuumImage>;
  readonly snr: number;
  readonly tables: readonly { readonly name: string; readonly table: TaskFuture<CalibrationTable> }[];
}

/**
 * Stage in the stage: self-calibration of one field (Cornwell & Wilkinson 1981, MNRAS 196, 1067). A cycle predicts
 * the model of the image so far, solves for gains scan by scan with all windows combined, applies them and makes
 * the image anew, by loops of its own. If the image stands less above its noise than the one before, image and
 * tables are those of before again, and that is the end; so it is where there is hardly anything to be gained.
 *
 * Skipped unless it was asked for, and the image stands out of its noise enough to be a model.
 */
export const selfCalibrate = flow(
  {
    name: 'self-calibrate',
    input: {
      field: z.string(),
      windows: future<readonly FieldWindow[]>(),
      count: z.int().min(1),
      image: future<ContinuumImage>(),
      settings: imagingSettings,
    },
  },
  async ({ field, windows, count, image, settings }): Promise<SelfCalibrated> => {
    const { selfCalSnr, failures } = settings;
    if (!settings.selfCal) skip('self-calibration was not asked for');
    const { snr } = await image;
    if (!(snr > selfCalSnr)) {
      skip(`${field} stands ${snr.toFixed(1)} times above the noise, self-calibration needs ${selfCalSnr}`);
    }
    const plan = planGains(windows);
    const indices = Array.from({ length: count }, (_, index) => index);
    const { scans } = await plan;
    const cycles: SelfCalRecord['cycles'] = [{ name: 'start', snr, verdict: 'start' }];
    const calibrate = (
      tables: readonly TaskFuture<CalibrationTable>[],
    ): TaskFuture<readonly FieldWindow[]> =>
      tables.length === 0
        ? windows
        : joinWindows(...indices.map((index) => applyGains(windows, index, tables)));
    let best: Best = { image, snr, tables: [] };
    const solved = await loop('self-cal', { max: settings.selfCalCycles }, async (cycle) => {
      const before = best;
      const step = selfCalStep(cycle.index);
      const earlier = before.tables.map(({ table }) => table);
      const current = calibrate(earlier);
      const models = indices.map((index) => saveModel(current, index, before.image));
      const solutions = solveScan.map(scans, (scan) => [current, models, scan, step, plan]);
      const table = joinTables(solutions, step);
      const applied = calibrate([...earlier, table]);
      const [made] = await solveContinuum([{ name: field, windows: applied, indices }], settings);
      if (made === undefined) throw new RangeError(`${field} has no image`);

      const after = made.value.snr;
      const verdict = judgeCycle(before.snr, after);
      cycle.metric('snr', after);
      cycle.metric('noise', made.value.noiseJy, 'Jy/beam');
      cycles.push({ name: step.name, snr: after, verdict });
      if (verdict === 'worse') {
        cycle.exit('rolled_back');
        return;
      }
      const name = `selfcal/${fileName(field)}.${cycle.index + 1}-${step.name}.json`;
      best = { image: made.image, snr: after, tables: [...before.tables, { name, table }] };
      if (verdict === 'stalled') cycle.exit('stalled');
    });
    await artifact.table(`self-calibration of ${field}`, cycles);
    const folder = stageFolder(settings.out, 'continuum-selfcal');
    const tables = await saveTable.map(best.tables, ({ name, table }) => [folder, name, table, failures]);
    return {
      image: await best.image,
      state: solved.reason === 'rolled_back' ? 'rolled_back' : 'improved',
      reason: solved.reason,
      cycles,
      tables,
    };
  },
);
