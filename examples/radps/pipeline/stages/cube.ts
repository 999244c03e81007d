import { eachSettled, flow, run, settled, SiderealError, skip } from 'sidereal';
import { z } from 'zod';
import { finishStage } from '../finish-stage.ts';
import { imagingParameters, imagingSettings } from '../imaging/imaging-settings.ts';
import { productsOf } from '../products/products-of.ts';
import type { StageOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { StageQuality } from '../stage-quality.ts';
import { windowed } from '../windowed.ts';
import { imageCube } from './image-cube.ts';
import type { ImagedCube } from './image-cube.ts';
import { subtractWindow } from './subtract-continuum.ts';
import type { SubtractedWindow } from './subtract-continuum.ts';

const STAGE = 'cube';

/** Cubes that are made at once: each has its visibilities in memory. */
const WIDTH = 2;

type Failed = StageOutputs['cube']['failed'][number];

/**
 * Stage 7: a cube of each field in each spectral window, its continuum subtracted; skipped where no line was found.
 * A window that fails either ends the stage or is left out, as the settings say.
 */
export const cube = flow(
  { name: STAGE, input: z.object({ calibrated: productsOf('calibrate-target'), settings: imagingSettings }) },
  async ({ calibrated, settings }): Promise<StageProducts<typeof STAGE>> => {
    const { continuum, visibilities } = calibrated.outputs;
    if (!continuum.some(({ hasLine }) => hasLine)) skip('there is no spectral line in any window');
    const quality = new StageQuality(STAGE);
    const folder = stageFolder(settings.out, STAGE);
    const failed: Failed[] = [];
    const mayGoOn = settings.onSpwFailure === 'continue';
    const fails = ({ field, spw }: Pick<VisibilityFile, 'field' | 'spw'>, error: Error): undefined => {
      if (!mayGoOn) throw spwFailed(field, spw, error);
      run.log.warn('spw_failed', { field, spw, why: error.message });
      failed.push({ field, spw, why: error.message });
    };

    const plan = { from: calibrated.folder, to: folder, failSpw: settings.failSpw };
    const subtractions = await eachSettled(
      subtractWindow.map(visibilities, (file) => [plan, file, rangesOf(continuum, file)], {
        failFast: !mayGoOn,
      }),
    );
    // What went wrong first, not what was stopped because of it.
    const wrong = subtractions.findIndex(({ state }) => state === 'failed');
    const order = wrong < 0 ? [] : [wrong];
    for (const index of new Set([...order, ...subtractions.keys()])) {
      const file = visibilities[index];
      const error = subtractions[index]?.error;
      if (file !== undefined && error !== undefined) fails(file, error);
    }
    const subtracted = subtractions.flatMap(({ value }) => value ?? []);
    const cubes = await windowed(subtracted, WIDTH, async (window) => {
      const made = await settled(imageCube({ subtracted: window, folder, settings }));
      return made.error === undefined ? made.value : fails(window.file, made.error);
    });
    const made = cubes.filter((one) => one !== undefined);

    await judgeSubtraction(quality, subtracted);
    for (const one of made) await judgeCube(quality, one);
    await quality.judge({
      name: 'spectral windows',
      metric: { name: 'windows with a cube', unit: '%' },
      value: () => (100 * made.length) / visibilities.length,
      worst: 25,
      best: 100,
      message: () =>
        failed.length === 0
          ? `all ${made.length} fields and windows have a cube`
          : `no cube of ${failed.map(({ field, spw }) => `${field} in window ${spw}`).join(', ')}`,
    });
    const parameters = { ...imagingParameters(settings), onSpwFailure: settings.onSpwFailure };
    return finishStage(STAGE, settings.out, parameters, quality, {
      cubes: made.map((one) => one.cube),
      subtraction: subtracted.map(({ fit }) => fit),
      failed: visibilities.flatMap(({ field, spw }) =>
        failed.filter((one) => one.field === field && one.spw === spw),
      ),
    });
  },
);

type Continuum = StageOutputs['calibrate-target']['continuum'];

/** The line-free channels of a window. */
function rangesOf(continuum: Continuum, { fieldIndex, spw }: VisibilityFile): Continuum[number]['ranges'] {
  return continuum.find((found) => found.fieldIndex === fieldIndex && found.spw === spw)?.ranges ?? [];
}

function spwFailed(field: string, spw: number, cause: Error): SiderealError<'SPW_FAILED'> {
  return new SiderealError('SPW_FAILED', `spectral window ${spw} of ${field} has no cube: ${cause.message}`, {
    cause,
    remedy: "Mend the cause and run again, or go on without it: onSpwFailure 'continue'.",
  });
}

async function judgeSubtraction(quality: StageQuality, windows: readonly SubtractedWindow[]): Promise<void> {
  for (const { fit } of windows) {
    const { field, spw, fitted, failed } = fit;
    await quality.judge({
      name: 'continuum subtraction',
      metric: { name: 'reduced chi-square', unit: '' },
      value: () => fit.reducedChiSquare,
      worst: 10,
      best: 1.5,
      message: (value) =>
        `${fitted} spectra of ${field} in window ${spw} were fitted (χ² ${value.toFixed(2)} per degree of freedom), ${failed} could not be`,
      scope: { field, spw },
    });
  }
}

async function judgeCube(
  quality: StageQuality,
  { cube: made, thermalNoiseJy, blank }: ImagedCube,
): Promise<void> {
  const { field, spw, noiseJy, peak, snr, reason } = made;
  await quality.judge({
    name: 'cube noise',
    metric: { name: 'noise over thermal noise', unit: '' },
    value: () => noiseJy / thermalNoiseJy,
    worst: 10,
    best: 1.5,
    message: (value) =>
      `the noise of ${field} in window ${spw} is ${value.toFixed(2)} times what the weights promise; it peaks at ${snr.toFixed(0)} times the noise in channel ${peak.channel} (CLEAN: ${reason}; ${blank} channels blank)`,
    scope: { field, spw },
  });
}
