import { flow } from 'sidereal';
import { z } from 'zod';
import { applyTables, type TableUse } from '../calibration/apply-tables.ts';
import { finishStage } from '../finish-stage.ts';
import { averageContinuum, joinWindows } from '../imaging/continuum-window.ts';
import { exportImage } from '../imaging/export-image.ts';
import { imagingHistory, imagingParameters, imagingSettings } from '../imaging/imaging-settings.ts';
import { judgeImage } from '../imaging/judge-image.ts';
import { solveContinuum } from '../imaging/solve-continuum.ts';
import { productsOf } from '../products/products-of.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { tablesOfBandpassCalibrator, tablesOfWindow } from '../products/tables-of-window.ts';
import { StageQuality } from '../stage-quality.ts';

const STAGE = 'image-calibrators';

/** Stage 4: a continuum image of each calibrator, of all its spectral windows. Nothing waits for it. */
export const imageCalibrators = flow(
  {
    name: STAGE,
    input: z.object({
      imported: productsOf('import-calibrators'),
      tables: z.object({ bandpass: productsOf('bandpass'), gain: productsOf('time-gain') }),
      settings: imagingSettings,
    }),
  },
  async ({ imported, tables, settings }): Promise<StageProducts<typeof STAGE>> => {
    const quality = new StageQuality(STAGE);
    const folder = stageFolder(settings.out, STAGE);
    const stages = { bandpass: tables.bandpass, timeGain: tables.gain };
    const tablesOf = ({ field, spw }: VisibilityFile): TableUse[] =>
      field === stages.bandpass.outputs.calibrator
        ? tablesOfBandpassCalibrator(spw, stages)
        : tablesOfWindow(spw, stages);
    const fields = [...new Set(imported.outputs.visibilities.map(({ field }) => field))];
    const jobs = fields.map((name) => {
      const files = imported.outputs.visibilities.filter(({ field }) => field === name);
      const windows = joinWindows(
        ...files.map((file) => {
          const calibrated = applyTables(imported.folder, file, tablesOf(file));
          return averageContinuum(calibrated, undefined, settings.size);
        }),
      );
      return { name, windows, indices: [...files.keys()] };
    });
    const solved = await solveContinuum(jobs, settings);
    const plan = {
      stage: STAGE,
      folder,
      spw: null,
      history: imagingHistory(settings),
      failures: settings.failures,
    } as const;
    const images = await Promise.all(
      solved.map(({ job, image }) => exportImage({ image }, job.windows, job.indices, plan)),
    );
    for (const image of images) await judgeImage(quality, image);
    return finishStage(STAGE, settings.out, imagingParameters(settings), quality, { images });
  },
);
