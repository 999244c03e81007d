import { task } from 'sidereal';
import { cleanHogbom, findPeak, robustSpread } from '../../science/index.ts';
import type { CleanStop } from '../../science/index.ts';
import type { ImagedField } from './image.ts';
import { shareDoubles } from '../shared-observation.ts';

/** Fraction of the peak that each iteration of CLEAN takes away. */
const GAIN = 0.1;
/** CLEAN stops at this many times the noise. */
const THRESHOLD_SIGMA = 3;
/** Each cycle goes down to this fraction of the peak that it finds. */
const DEPTH = 0.1;

/** A residual below this many times its noise is noise, but for a few pixels. */
const NOISE_SIGMA = 3.5;
/** A cycle that leaves more than this fraction of the peak was the last. */
const PROGRESS = 0.95;

/** Where CLEAN stands: its model, and how it came to it. Iterations and history are those of all cycles so far. */
export interface CleanModel {
  /** [size, size] Jy per pixel, in shared memory. */
  readonly model: Float64Array;
  readonly iterations: number;
  readonly history: Float64Array;
  readonly stop: CleanStop;
}

/** What the model does not explain. */
export interface Residual {
  /** [size, size] Jy/beam, in shared memory. */
  readonly pixels: Float64Array;
  /** Highest absolute value, Jy/beam. */
  readonly peakJy: number;
  /** Robust standard deviation, Jy/beam. */
  readonly noiseJy: number;
}

/** Measures a residual image and puts it into shared memory. */
export function measureResidual(pixels: Float64Array): Residual {
  return {
    pixels: shareDoubles(pixels),
    peakJy: Math.abs(findPeak(pixels, undefined).value),
    noiseJy: robustSpread(pixels).sigma,
  };
}

/**
 * The minor cycles of one major cycle of CLEAN: takes components out of the residual image, down to a tenth of
 * its peak or to the noise, and adds them to the model. Kept, so that a resumed run goes on from the last cycle.
 */
export const cleanCycle = task(
  { name: 'clean', on: 'threads', persist: true },
  (
    field: ImagedField,
    residual: Residual | undefined,
    before: CleanModel | undefined,
    maxIterations: number,
  ): CleanModel => {
    const { pixels, peakJy, noiseJy } = residual ?? measureResidual(field.dirty);
    const start = { residual: pixels, model: before?.model ?? new Float64Array(pixels.length) };
    const done = before?.iterations ?? 0;
    const noise = Math.max(field.thermalNoiseJy, noiseJy);
    const result = cleanHogbom(start, field.psf, field.size, {
      gain: GAIN,
      maxIterations: maxIterations - done,
      thresholdJy: Math.max(THRESHOLD_SIGMA * noise, DEPTH * peakJy),
    });
    const history = result.history.map((value, at) => (at % 2 === 0 ? value + done : value));
    return {
      model: shareDoubles(result.model),
      iterations: done + result.iterations,
      history: Float64Array.from([...(before?.history ?? []), ...history]),
      stop: result.stop,
    };
  },
);

/** Why CLEAN is over after a cycle, or undefined if another one has something to do. */
export function exitReason(
  { stop }: Pick<CleanModel, 'stop'>,
  before: Pick<Residual, 'peakJy'>,
  after: Pick<Residual, 'peakJy' | 'noiseJy'>,
  thermalNoiseJy: number,
): 'noise' | 'max_iterations' | 'diverging' | 'no_progress' | undefined {
  if (after.peakJy <= NOISE_SIGMA * Math.max(thermalNoiseJy, after.noiseJy)) return 'noise';
  if (stop === 'iterations') return 'max_iterations';
  if (stop === 'diverging' || after.peakJy > before.peakJy) return 'diverging';
  return after.peakJy > PROGRESS * before.peakJy ? 'no_progress' : undefined;
}
