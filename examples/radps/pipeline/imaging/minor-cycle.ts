import { cleanHogbom, findPeak, robustSpread } from '../../science/index.ts';
import type { DirtyImage } from '../../science/index.ts';

/** Fraction of the peak that each iteration of CLEAN takes away. */
const GAIN = 0.1;
/** A residual that nowhere rises above this many times the noise is noise: there are some 10⁴ pixels. */
const NOISE_SIGMA = 4.5;
/** CLEAN goes down to this many times the noise, */
const FLOOR_SIGMA = 3;
/** and in one major cycle to this fraction of the peak that it finds. */
const DEPTH = 0.1;
/** A major cycle that leaves more than this fraction of the peak was the last. */
const PROGRESS = 0.95;

/** Where CLEAN stands after the minor cycles of a major cycle. */
export interface MinorCycle {
  /** [size, size] Jy per pixel. */
  readonly model: Float64Array;
  /** [size, size] Jy/beam: exact if nothing was taken out in this cycle, otherwise as far as the PSF tells. */
  readonly residual: Float64Array;
  /** The residual that the cycle began with: highest absolute value and robust noise, Jy/beam. */
  readonly peakJy: number;
  readonly noiseJy: number;
  /** Iterations of all cycles, and of this one. */
  readonly iterations: number;
  readonly taken: number;
  readonly isDiverging: boolean;
}

/** What a major cycle hands over to the next. */
export type CleanBefore = Pick<MinorCycle, 'model' | 'peakJy' | 'iterations'>;

/**
 * "Update model": takes components out of a residual image (Högbom 1974) down to a tenth of its peak or to the
 * noise. A residual that is higher than the one before is left alone: CLEAN diverges. `residual` is that of the
 * model of `before`, imaged from the visibilities (Schwab 1984, AJ 89, 1076).
 */
export function minorCycle(
  { psf, size, thermalNoiseJy }: Pick<DirtyImage, 'psf' | 'size' | 'thermalNoiseJy'>,
  residual: Float64Array,
  before: CleanBefore | undefined,
  maxIterations: number,
): MinorCycle {
  const peakJy = Math.abs(findPeak(residual, undefined).value);
  const noiseJy = robustSpread(residual).sigma;
  const noise = Math.max(thermalNoiseJy, noiseJy);
  const model = before?.model ?? new Float64Array(size * size);
  const done = before?.iterations ?? 0;
  const isHigher = before !== undefined && peakJy > before.peakJy;
  if (isHigher || peakJy <= NOISE_SIGMA * noise || done >= maxIterations)
    return { model, residual, peakJy, noiseJy, iterations: done, taken: 0, isDiverging: isHigher };
  const result = cleanHogbom({ residual, model }, psf, size, {
    gain: GAIN,
    maxIterations: maxIterations - done,
    thresholdJy: Math.max(FLOOR_SIGMA * noise, DEPTH * peakJy),
  });
  return {
    model: result.model,
    residual: result.residual,
    peakJy,
    noiseJy,
    iterations: done + result.iterations,
    taken: result.iterations,
    isDiverging: result.stop === 'diverging',
  };
}

/** Why CLEAN ended. */
export type CleanReason = 'noise' | 'max_iterations' | 'diverging' | 'no_progress';

/** "Check convergence": why CLEAN is over after a cycle, or undefined if another one has something to do. */
export function whyConverged(
  { peakJy, taken, iterations, isDiverging }: Omit<MinorCycle, 'model' | 'residual' | 'noiseJy'>,
  previousPeakJy: number | undefined,
  maxIterations: number,
): CleanReason | undefined {
  if (isDiverging) return 'diverging';
  if (iterations >= maxIterations) return 'max_iterations';
  if (taken === 0) return 'noise';
  return previousPeakJy !== undefined && peakJy > PROGRESS * previousPeakJy ? 'no_progress' : undefined;
}
