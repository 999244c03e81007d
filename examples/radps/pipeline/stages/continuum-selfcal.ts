import { flow, settled } from 'sidereal';
import { z } from 'zod';
import { finishStage } from '../finish-stage.ts';
import { exportImage } from '../imaging/export-image.ts';
import { imagingHistory, imagingParameters, imagingSettings } from '../imaging/imaging-settings.ts';
import { judgeImage } from '../imaging/judge-image.ts';
import { solveContinuum } from '../imaging/solve-continuum.ts';
import type { SolvedImage } from '../imaging/solve-continuum.ts';
import { productsOf } from '../products/products-of.ts';
import type { ImageFile, StageOutputs } from '../products/stage-outputs.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { StageQuality } from '../stage-quality.ts';
import { continuumWindows, openContinuum } from './continuum-windows.ts';
import { selfCalibrate } from './self-calibrate.ts';

const STAGE = 'continuum-selfcal';

type SelfCalRecord = StageOutputs[typeof STAGE]['selfCal'][number];

/**
 * Stage 8: a continuum image of each target from the line-free channels of all its spectral windows, and, where it
 * stands out of its noise, self-calibration with it.
 */
export const continuumSelfcal = flow(
  { name: STAGE, input: z.object({ calibrated: productsOf('calibrate-target'), settings: imagingSettings }) },
  async ({ calibrated, settings }): Promise<StageProducts<typeof STAGE>> => {
    const quality = new StageQuality(STAGE);
    const folder = stageFolder(settings.out, STAGE);
    const all = continuumWindows(calibrated);
    const fields = [...new Set(all.map(({ file }) => file.fieldIndex))];
    const jobs = fields.map((fieldIndex) => {
      const own = all.filter(({ file }) => file.fieldIndex === fieldIndex);
      const windows = openContinuum(calibrated.folder, own, settings.size);
      const name = own[0]?.file.field ?? `field ${fieldIndex}`;
      return { name, fieldIndex, windows, indices: [...own.keys()], spws: own.map(({ file }) => file.spw) };
    });
    const solved = await solveContinuum(jobs, settings);

    const { selfCal, selfCalSnr, selfCalCycles, failures } = settings;
    const finishField = async (
      { name: field, fieldIndex, windows, indices, spws }: (typeof jobs)[number],
      { image }: SolvedImage,
    ): Promise<{ image: ImageFile; record: SelfCalRecord }> => {
      const stage = selfCalibrate({ field, windows, count: indices.length, image, settings });
      const { state, value, error } = await settled(stage);
      if (error !== undefined && state !== 'skipped') throw error;
      const history = [
        ...imagingHistory(settings),
        `self-calibration: ${value === undefined ? 'none' : `${value.tables.length} tables`}`,
      ];
      const plan = { stage: STAGE, folder, spw: null, history, failures } as const;
      const best = value === undefined ? { image } : stage;
      const exported = await exportImage(best, windows, indices, plan);
      const where = { field, fieldIndex };
      if (value === undefined) {
        const { snr } = exported;
        const cycles = [{ name: 'start', snr, verdict: 'start' }];
        const record = { ...where, state: 'skipped', reason: error.message, cycles, tables: [] } as const;
        return { image: exported, record: { ...record, tables: [] } };
      }
      const tables = value.tables.flatMap((path) => spws.map((spw) => ({ spw, path })));
      const { cycles, reason } = value;
      return {
        image: exported,
        record: { ...where, state: value.state, reason, cycles: [...cycles], tables },
      };
    };
    const made = await Promise.all(
      jobs.flatMap((job, index) => {
        const image = solved[index];
        return image === undefined ? [] : [finishField(job, image)];
      }),
    );
    for (const { image, record } of made) {
      await judgeImage(quality, image);
      await judgeSelfCal(quality, record);
    }
    const left = calibrated.outputs.visibilities.filter(({ fieldIndex }) => !fields.includes(fieldIndex));
    for (const field of new Set(left.map((file) => file.field)))
      await quality.notApplicable('image snr', `no channel of ${field} is free of lines`, { field });
    const parameters = { ...imagingParameters(settings), selfCal, selfCalSnr, selfCalCycles };
    return finishStage(STAGE, settings.out, parameters, quality, {
      images: made.map(({ image }) => image),
      selfCal: made.map(({ record }) => record),
    });
  },
);

/** What self-calibration gained: nothing lost is fair, for it is rolled back. */
async function judgeSelfCal(
  quality: StageQuality,
  { field, state, reason, cycles, tables }: SelfCalRecord,
): Promise<void> {
  const scope = { field };
  if (state === 'skipped') {
    await quality.notApplicable('self-calibration', reason, scope);
    return;
  }
  const best = cycles.filter(({ verdict }) => verdict !== 'worse').map(({ snr }) => snr);
  await quality.judge({
    name: 'self-calibration',
    metric: { name: 'signal-to-noise over that of the start', unit: '' },
    value: () => Math.max(...best) / (best[0] ?? Number.NaN),
    worst: 0,
    best: 1.2,
    message: (value) =>
      `${field} stands ${value.toFixed(2)} times as far above its noise as before, with ${tables.length} tables applied (${state}: ${reason})`,
    scope,
  });
}
