import { join } from 'node:path';
import { flow } from 'sidereal';
import { z } from 'zod';
import { finishStage } from '../finish-stage.ts';
import { exportImage } from '../imaging/export-image.ts';
import { imagingHistory, imagingParameters, imagingSettings } from '../imaging/imaging-settings.ts';
import { judgeImage } from '../imaging/judge-image.ts';
import { solveContinuum } from '../imaging/solve-continuum.ts';
import { productsOf } from '../products/products-of.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { StageQuality } from '../stage-quality.ts';
import { continuumWindows, openContinuum } from './continuum-windows.ts';

const STAGE = 'continuum-spw';

/**
 * Stage 9: a continuum image of each target in each spectral window, with the gains of self-calibration where it
 * made some, otherwise as the calibrators have it.
 */
export const continuumSpw = flow(
  {
    name: STAGE,
    input: z.object({
      calibrated: productsOf('calibrate-target'),
      selfcal: productsOf('continuum-selfcal').optional(),
      settings: imagingSettings,
    }),
  },
  async ({ calibrated, selfcal, settings }): Promise<StageProducts<typeof STAGE>> => {
    const quality = new StageQuality(STAGE);
    const folder = stageFolder(settings.out, STAGE);
    const all = continuumWindows(calibrated);
    const gains = all.map(({ file }) => gainsOf(selfcal, file));
    const windows = openContinuum(calibrated.folder, all, settings.size, gains);
    const jobs = all.map(({ file }, index) => ({
      name: `${file.field} in window ${file.spw}`,
      windows,
      indices: [index],
    }));
    const solved = await solveContinuum(jobs, settings);
    const images = await Promise.all(
      solved.map(({ image }, index) => {
        const spw = all[index]?.file.spw ?? null;
        const tables = gains[index]?.length ?? 0;
        const history = [...imagingHistory(settings), `self-calibration: ${tables} tables`];
        const plan = { stage: STAGE, folder, spw, history, failures: settings.failures } as const;
        return exportImage({ image }, windows, [index], plan);
      }),
    );
    for (const image of images) await judgeImage(quality, image);
    const withGains = all.filter((_, index) => (gains[index]?.length ?? 0) > 0);
    const selfCalibrated = [...new Set(withGains.map(({ file }) => file.field))];
    return finishStage(STAGE, settings.out, imagingParameters(settings), quality, { images, selfCalibrated });
  },
);

/** Paths of the tables of the best self-calibration of a window, in the order of application; none if there was none. */
function gainsOf(
  selfcal: StageProducts<'continuum-selfcal'> | undefined,
  { fieldIndex, spw }: VisibilityFile,
): string[] {
  const record = selfcal?.outputs.selfCal.find((one) => one.fieldIndex === fieldIndex);
  if (selfcal === undefined || record === undefined || record.state === 'skipped') return [];
  return record.tables.filter((table) => table.spw === spw).map(({ path }) => join(selfcal.folder, path));
}
