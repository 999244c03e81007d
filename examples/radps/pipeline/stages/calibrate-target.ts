import { join } from 'node:path';
import { artifact, flow, run } from 'sidereal';
import { z } from 'zod';
import { makeFallback } from '../calibration/calibrate-scans.ts';
import { finishStage } from '../finish-stage.ts';
import { productsOf } from '../products/products-of.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { tablesOfWindow } from '../products/tables-of-window.ts';
import { StageQuality } from '../stage-quality.ts';
import { windowed } from '../windowed.ts';
import { calibrateWindow } from './calibrate-window.ts';
import type { CalibratedWindow } from './calibrate-window.ts';

const calibrateSettings = z.object({
  out: z.string(),
  size: z.int(),
  cellArcsec: z.number().positive(),
  robust: z.number(),
  /** Most cycles of the search for line-free channels. */
  findCycles: z.int().min(1),
});

/** Fields and windows that are in memory at once. */
const WIDTH = 2;

/**
 * Stage 6: the target with all calibration applied, field by field and window by window, and the channels that have
 * no line. A calibration table that is missing is replaced by ones, and that is told.
 */
export const calibrateTarget = flow(
  {
    name: 'calibrate-target',
    input: {
      imported: productsOf('import-target'),
      bandpass: productsOf('bandpass').optional(),
      timeGain: productsOf('time-gain').optional(),
      settings: calibrateSettings,
    },
  },
  async ({ imported, bandpass, timeGain, settings }): Promise<StageProducts<'calibrate-target'>> => {
    const { out, size, cellArcsec, robust, findCycles } = settings;
    const quality = new StageQuality('calibrate-target');
    const folder = stageFolder(out, 'calibrate-target');
    const files = imported.outputs.visibilities;
    const [first] = files;
    if (first === undefined) throw new RangeError('no target was imported');

    const fallback: string[] = [];
    const standIns: string[] = [];
    for (const [kind, stage] of [
      ['bandpass', bandpass],
      ['gain', timeGain],
    ] as const) {
      if (stage !== undefined) continue;
      run.log.warn('a calibration table is missing: ones are applied', { kind });
      fallback.push(kind);
      standIns.push(await makeFallback(folder, kind, join(imported.folder, first.path)));
    }
    const windows = await windowed(files, WIDTH, (file) =>
      calibrateWindow({
        file,
        from: imported.folder,
        folder,
        tables: [...tablesOfWindow(file.spw, { bandpass, timeGain }), ...standIns],
        size,
        cellArcsec,
        robust,
        findCycles,
      }),
    );
    await judgeTarget(quality, windows, fallback);
    await artifact.table('continuum ranges', windows.map(rowOf));
    return finishStage('calibrate-target', out, { size, cellArcsec, robust, findCycles }, quality, {
      visibilities: windows.map(({ file }) => file),
      fallback,
      continuum: windows.map(({ continuum }) => continuum),
      dirtyCubes: windows.map(({ file: { field, spw }, cube }) => ({ field, spw, path: cube })),
    });
  },
);

/** Nine parameters of the search, as a person reviews them. */
function rowOf({ continuum, flagged }: CalibratedWindow): Record<string, string | number> {
  const { field, spw, ranges, hasLine, statistic, threshold, continuumFraction } = continuum;
  return {
    field,
    spw,
    channels: statistic.length,
    line: hasLine ? 'yes' : 'no',
    continuum: ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}~${to}`)).join(';'),
    continuumPercent: 100 * continuumFraction,
    highestStatistic: statistic.reduce<number>((most, value) => Math.max(most, value ?? 0), 0),
    threshold,
    flaggedPercent: 100 * flagged,
  };
}

async function judgeTarget(
  quality: StageQuality,
  windows: readonly CalibratedWindow[],
  fallback: readonly string[],
): Promise<void> {
  for (const { file, continuum, flagged } of windows) {
    const scope = { field: file.field, spw: file.spw };
    await quality.judge({
      name: 'continuum channels',
      metric: { name: 'channels without a line', unit: '%' },
      value: () => 100 * continuum.continuumFraction,
      worst: 5,
      best: 50,
      message: (percent) =>
        `${percent.toFixed(0)} % of the channels are continuum${continuum.hasLine ? '; there is a line' : '; no line was found'}`,
      scope,
    });
    await quality.judge({
      name: 'calibrated samples',
      metric: { name: 'flagged samples after calibration', unit: '%' },
      value: () => 100 * flagged,
      worst: 80,
      best: 25,
      message: (percent) => `${percent.toFixed(1)} % of the samples are not used`,
      scope,
    });
  }
  if (fallback.length === 0) return;
  await quality.judge({
    name: 'calibration tables',
    metric: { name: 'tables that are there', unit: '' },
    value: () => 2 - fallback.length,
    worst: 0,
    best: 2,
    message: () => `ones were applied in place of ${fallback.join(' and ')}`,
  });
}
