import { flow, task } from 'sidereal';
import { z } from 'zod';
import { ARCSEC } from '../../science/index.ts';
import { calibrateScan, writeCalibrated } from '../calibration/calibrate-scans.ts';
import { listScans } from '../calibration/calibrator-tasks.ts';
import { findLineFree } from '../continuum/find-line-free.ts';
import type { StageOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import { fileName, openVisibilities } from '../visibilities.ts';
import type { FieldWindow } from '../visibilities.ts';

/** What calibrating one field in one spectral window came to. */
export interface CalibratedWindow {
  readonly file: VisibilityFile;
  readonly continuum: StageOutputs['calibrate-target']['continuum'][number];
  readonly cube: string;
  /** Part of the samples that are flagged. */
  readonly flagged: number;
}

const describeWindow = task(
  { name: 'describe-window', on: 'threads' },
  ({ set }: FieldWindow): { channels: number; flagged: number } => ({
    channels: set.channels,
    flagged: set.flag.reduce((sum, flag) => sum + flag, 0) / Math.max(1, set.flag.length),
  }),
);

/** Stage in the stage: one field in one window, calibrated scan by scan, written, and searched for lines. */
export const calibrateWindow = flow(
  {
    name: 'calibrate-window',
    input: z.object({
      file: z.custom<VisibilityFile>(),
      from: z.string(),
      folder: z.string(),
      tables: z.array(z.string()),
      size: z.int(),
      cellArcsec: z.number().positive(),
      robust: z.number(),
      findCycles: z.int().min(1),
    }),
  },
  async ({ file, from, folder, tables, size, cellArcsec, robust, findCycles }): Promise<CalibratedWindow> => {
    const raw = openVisibilities(from, file);
    const scans = await listScans(raw);
    const calibrated = await writeCalibrated(
      folder,
      scans.map((scan) => calibrateScan(raw, scan, tables)),
    );
    const window = openVisibilities(folder, calibrated);
    const { channels, flagged } = await describeWindow(window);
    const { found, cube } = await findLineFree(window, {
      channels,
      setup: { size, cellRad: cellArcsec * ARCSEC, weighting: { kind: 'briggs', robust } },
      folder,
      cubeName: `${fileName(file.field)}.spw${file.spw}.dirty.fits`,
      maxCycles: findCycles,
    });
    return {
      file: calibrated,
      cube,
      flagged,
      continuum: {
        field: file.field,
        fieldIndex: file.fieldIndex,
        spw: file.spw,
        ranges: [...found.ranges],
        hasLine: found.line.some(
          (value, channel) => value === 1 && Number.isFinite(found.statistic[channel]),
        ),
        statistic: Array.from(found.statistic, (value) => (Number.isFinite(value) ? value : null)),
        threshold: found.threshold,
        continuumFraction: found.continuumFraction,
      },
    };
  },
);
