import { requireParameter } from '../science-error.ts';

export interface CleanOptions {
  /** Fraction of the peak that each iteration takes away, 0 … 1. */
  readonly gain: number;
  readonly maxIterations: number;
  /** Stop when the highest residual within the mask is below this, Jy/beam. */
  readonly thresholdJy: number;
  /** [size, size] 1 where components may be; none: everywhere. */
  readonly mask?: Uint8Array;
}

/** Where CLEAN stands: residual and model, both [size, size]; model in Jy per pixel (delta components). */
export interface CleanState {
  readonly residual: Float64Array;
  readonly model: Float64Array;
}

/** Why CLEAN stopped. */
export type CleanStop = 'threshold' | 'iterations' | 'diverging' | 'empty_mask';

export interface CleanResult extends CleanState {
  readonly iterations: number;
  readonly stop: CleanStop;
  /** Highest absolute residual within the mask at the end, Jy/beam. */
  readonly peakJy: number;
  /** The same before iteration 0, 1, 2, 4, 8 … and at the end: [entry, 2] iteration and Jy/beam, for a plot. */
  readonly history: Float64Array;
}

/** Growth of the peak over its lowest value that counts as divergence. */
const DIVERGENCE = 1.5;

/**
 * CLEAN (Högbom 1974, A&AS 15, 417): again and again finds the highest absolute residual and takes away `gain`
 * of it times the point-spread function centred there. Continues from `state`, which is left as it is.
 * `psf` is [2 size, 2 size] with its peak of 1 at (size, size).
 *
 * Subtraction and the search for the next peak are one sweep over the residual, the hot loop of deconvolution.
 */
export function cleanHogbom(
  state: CleanState,
  psf: Float64Array,
  size: number,
  options: CleanOptions,
): CleanResult {
  checkCleanOptions(options, state, psf, size);
  const residual = state.residual.slice();
  const model = state.model.slice();
  const { gain, maxIterations, thresholdJy, mask } = options;
  const history: number[] = [];
  let peak = findPeak(residual, mask);
  let lowest = Math.abs(peak.value);
  let iterations = 0;
  let stop: CleanStop = peak.index === -1 ? 'empty_mask' : 'iterations';
  while (peak.index !== -1) {
    const height = Math.abs(peak.value);
    if ((iterations & (iterations - 1)) === 0) history.push(iterations, height);
    lowest = Math.min(lowest, height);
    if (height <= thresholdJy) stop = 'threshold';
    else if (height > DIVERGENCE * lowest) stop = 'diverging';
    if (stop !== 'iterations' || iterations >= maxIterations) break;
    const flux = gain * peak.value;
    model[peak.index] = (model[peak.index] ?? 0) + flux;
    peak = subtractAndFindPeak(residual, psf, size, peak.index, flux, mask);
    iterations++;
  }
  const peakJy = Math.abs(peak.value);
  history.push(iterations, peakJy);
  return { residual, model, iterations, stop, peakJy, history: Float64Array.from(history) };
}

/** Throws `BAD_PARAMETER` for options or arrays that do not fit. */
export function checkCleanOptions(
  options: CleanOptions,
  state: CleanState,
  psf: Float64Array,
  size: number,
): void {
  requireParameter(
    options.gain > 0 && options.gain <= 1 && options.maxIterations >= 0 && options.thresholdJy >= 0,
    `CLEAN with gain ${options.gain}, ${options.maxIterations} iterations and threshold ${options.thresholdJy} Jy`,
    'The gain must be in (0, 1], iterations and threshold not negative.',
  );
  requireParameter(
    state.residual.length === size * size &&
      state.model.length === size * size &&
      psf.length === 4 * size * size &&
      (options.mask === undefined || options.mask.length === size * size),
    `CLEAN of ${size} × ${size} pixels got a residual of ${state.residual.length}, a model of ${state.model.length}, a PSF of ${psf.length} and a mask of ${options.mask?.length ?? 'none'}`,
    'Residual, model and mask have size² pixels, the PSF (2 size)².',
  );
}

interface Peak {
  readonly index: number;
  readonly value: number;
}

/** The pixel of highest absolute value where the mask allows; index −1 when it allows none. */
export function findPeak(image: Float64Array, mask: Uint8Array | undefined): Peak {
  let index = -1;
  let highest = -1;
  for (let at = 0; at < image.length; at++) {
    if (mask !== undefined && mask[at] === 0) continue;
    const height = Math.abs(image[at] ?? 0);
    if (height > highest) {
      highest = height;
      index = at;
    }
  }
  return { index, value: index === -1 ? 0 : (image[index] ?? 0) };
}

function subtractAndFindPeak(
  residual: Float64Array,
  psf: Float64Array,
  size: number,
  centre: number,
  flux: number,
  mask: Uint8Array | undefined,
): Peak {
  const x0 = centre % size;
  const y0 = (centre - x0) / size;
  let index = -1;
  let highest = -1;
  for (let y = 0; y < size; y++) {
    const row = y * size;
    const psfRow = (size + y - y0) * 2 * size + size - x0;
    for (let x = 0; x < size; x++) {
      const at = row + x;
      const value = (residual[at] ?? 0) - flux * (psf[psfRow + x] ?? 0);
      residual[at] = value;
      const height = value < 0 ? -value : value;
      if (height > highest && (mask === undefined || mask[at] !== 0)) {
        highest = height;
        index = at;
      }
    }
  }
  return { index, value: index === -1 ? 0 : (residual[index] ?? 0) };
}
