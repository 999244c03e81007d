import type { DirtyImage } from '../imaging/dirty-plane.ts';
import { robustSpread } from '../numeric/robust.ts';
import { fitBeam } from './beam.ts';
import type { Beam } from './beam.ts';
import { cleanClark } from './clark.ts';
import { cleanHogbom } from './hogbom.ts';
import type { CleanOptions, CleanResult, CleanState } from './hogbom.ts';
import { restoreImage } from './restore.ts';

/** A finished image and all that went into it. Pixels are [y, x], east to the left, y growing to the north. */
export interface CleanedImage {
  readonly size: number;
  readonly cellRad: number;
  readonly frequencyHz: number;
  readonly beam: Beam;
  /** Jy/beam. */
  readonly restored: Float64Array;
  readonly residual: Float64Array;
  readonly dirty: Float64Array;
  /** Jy/pixel. */
  readonly model: Float64Array;
  /** Robust standard deviation of the residual, Jy/beam. */
  readonly noiseJy: number;
  readonly thermalNoiseJy: number;
  /** Peak of the restored image over its noise. */
  readonly snr: number;
  /** Sum of the model, Jy. */
  readonly modelFluxJy: number;
  readonly iterations: number;
  readonly stop: CleanResult['stop'];
  readonly history: Float64Array;
}

export interface DeconvolveOptions {
  readonly gain?: number;
  readonly maxIterations?: number;
  /** Absolute threshold, Jy/beam; default: by `thresholdSigma`. */
  readonly thresholdJy?: number;
  /**
   * Threshold in units of the noise (default 3): of what the weights promise or of the robust standard deviation
   * of the residual, whichever is more; measured anew as CLEAN goes deeper.
   */
  readonly thresholdSigma?: number;
  /** Högbom's method (default), or Clark's, which is quicker on large images. */
  readonly method?: 'hogbom' | 'clark';
  readonly mask?: Uint8Array;
}

/** CLEANs a dirty image; {@link restore} makes the picture of the result. */
export function deconvolve(image: DirtyImage, options: DeconvolveOptions = {}): CleanResult {
  const start = { residual: image.dirty, model: new Float64Array(image.dirty.length) };
  return continueDeconvolution(image, start, options);
}

/** Goes on CLEANing from a residual and a model, as after a major cycle or a person's look at it. */
export function continueDeconvolution(
  image: Pick<DirtyImage, 'psf' | 'size' | 'thermalNoiseJy'>,
  start: CleanState,
  options: DeconvolveOptions = {},
): CleanResult {
  const { gain = 0.1, maxIterations = 5000, thresholdSigma = 3, mask, method = 'hogbom' } = options;
  const clean = method === 'hogbom' ? cleanHogbom : cleanClark;
  const history: number[] = [];
  let state = start;
  let iterations = 0;
  for (;;) {
    const noise = Math.max(image.thermalNoiseJy, robustSpread(state.residual).sigma);
    const settings: CleanOptions = {
      gain,
      maxIterations: maxIterations - iterations,
      thresholdJy: options.thresholdJy ?? thresholdSigma * noise,
      ...(mask === undefined ? {} : { mask }),
    };
    const round = clean(state, image.psf, image.size, settings);
    for (let at = 0; at < round.history.length; at += 2) {
      history.push(iterations + (round.history[at] ?? 0), round.history[at + 1] ?? 0);
    }
    iterations += round.iterations;
    state = round;
    const goOn = options.thresholdJy === undefined && round.stop === 'threshold' && round.iterations > 0;
    if (!goOn) return { ...round, iterations, history: Float64Array.from(history) };
  }
}

/** Restores the model with the fitted beam (or a given one, common to a cube) and measures the image. */
export function restore(image: DirtyImage, clean: CleanResult, commonBeam?: Beam): CleanedImage {
  const { size, cellRad } = image;
  const beam = commonBeam ?? fitBeam(image.psf, 2 * size, cellRad);
  const restored = restoreImage(clean.model, clean.residual, size, cellRad, beam);
  const noiseJy = robustSpread(clean.residual).sigma;
  const peak = restored.reduce((highest, value) => Math.max(highest, value), -Infinity);
  return {
    size,
    cellRad,
    frequencyHz: image.frequencyHz,
    beam,
    restored,
    residual: clean.residual,
    dirty: image.dirty,
    model: clean.model,
    noiseJy,
    thermalNoiseJy: image.thermalNoiseJy,
    snr: noiseJy > 0 ? peak / noiseJy : 0,
    modelFluxJy: clean.model.reduce((sum, value) => sum + value, 0),
    iterations: clean.iterations,
    stop: clean.stop,
    history: clean.history,
  };
}
