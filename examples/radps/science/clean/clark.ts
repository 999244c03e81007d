import { fft2Backward, fft2Forward } from '../numeric/fft.ts';
import { checkCleanOptions, findPeak } from './hogbom.ts';
import type { CleanOptions, CleanResult, CleanState, CleanStop } from './hogbom.ts';

export interface ClarkOptions extends CleanOptions {
  /** Half width of the piece of the point-spread function that minor cycles use, pixels; default size/8, at most 64. */
  readonly patch?: number;
}

/**
 * CLEAN after Clark (1980, A&A 89, 377): minor cycles look only at the brightest pixels and subtract only the
 * inner part of the point-spread function; they end when what is left could be sidelobes, and a major cycle
 * subtracts all their components from the whole image by a convolution. Same arguments and result as Högbom's.
 */
export function cleanClark(
  state: CleanState,
  psf: Float64Array,
  size: number,
  options: ClarkOptions,
): CleanResult {
  checkCleanOptions(options, state, psf, size);
  const patch = Math.min(options.patch ?? Math.min(64, Math.max(8, size / 8)), size - 1);
  const outside = sidelobeOutside(psf, size, patch);
  const transfer = transferFunction(psf, size);
  const model = state.model.slice();
  let residual: Float64Array = state.residual.slice();
  const history: number[] = [];
  let iterations = 0;
  let stop: CleanStop = 'iterations';
  let lowest = Infinity;
  for (;;) {
    const peak = findPeak(residual, options.mask);
    const height = Math.abs(peak.value);
    history.push(iterations, height);
    lowest = Math.min(lowest, height);
    if (peak.index === -1) stop = 'empty_mask';
    else if (height <= options.thresholdJy) stop = 'threshold';
    else if (height > 1.5 * lowest) stop = 'diverging';
    if (stop !== 'iterations' || iterations >= options.maxIterations) {
      return { residual, model, iterations, stop, peakJy: height, history: Float64Array.from(history) };
    }
    const floor = Math.max(options.thresholdJy, height * Math.max(outside, 0.1));
    const components = new Float64Array(size * size);
    const done = minorCycles(residual, components, psf, size, { ...options, patch, floor, iterations });
    iterations += done;
    for (let at = 0; at < model.length; at++) model[at] = (model[at] ?? 0) + (components[at] ?? 0);
    residual = subtractConvolved(residual, components, transfer, size);
  }
}

/** Högbom's loop over the pixels above `floor` alone; fills `components` and returns the number of iterations. */
function minorCycles(
  residual: Float64Array,
  components: Float64Array,
  psf: Float64Array,
  size: number,
  options: CleanOptions & { patch: number; floor: number; iterations: number },
): number {
  const active: number[] = [];
  for (let at = 0; at < residual.length; at++) {
    if (options.mask !== undefined && options.mask[at] === 0) continue;
    if (Math.abs(residual[at] ?? 0) >= options.floor) active.push(at);
  }
  const xs = Int32Array.from(active, (at) => at % size);
  const ys = Int32Array.from(active, (at) => Math.floor(at / size));
  const values = Float64Array.from(active, (at) => residual[at] ?? 0);
  const { patch, gain } = options;
  let done = 0;
  while (options.iterations + done < options.maxIterations) {
    let best = -1;
    let highest = options.floor;
    for (let index = 0; index < values.length; index++) {
      const height = Math.abs(values[index] ?? 0);
      if (height > highest) {
        highest = height;
        best = index;
      }
    }
    if (best === -1) break;
    const flux = gain * (values[best] ?? 0);
    const at = active[best] ?? 0;
    components[at] = (components[at] ?? 0) + flux;
    const x0 = xs[best] ?? 0;
    const y0 = ys[best] ?? 0;
    for (let index = 0; index < values.length; index++) {
      const dx = (xs[index] ?? 0) - x0;
      const dy = (ys[index] ?? 0) - y0;
      if (dx > patch || dx < -patch || dy > patch || dy < -patch) continue;
      values[index] = (values[index] ?? 0) - flux * (psf[(size + dy) * 2 * size + size + dx] ?? 0);
    }
    done++;
  }
  return done;
}

/** Highest absolute value of the point-spread function outside the patch. */
function sidelobeOutside(psf: Float64Array, size: number, patch: number): number {
  let highest = 0;
  for (let y = 0; y < 2 * size; y++) {
    for (let x = 0; x < 2 * size; x++) {
      if (Math.abs(x - size) <= patch && Math.abs(y - size) <= patch) continue;
      highest = Math.max(highest, Math.abs(psf[y * 2 * size + x] ?? 0));
    }
  }
  return highest;
}

interface Transfer {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Transform of the point-spread function with its centre moved to pixel (0, 0). */
function transferFunction(psf: Float64Array, size: number): Transfer {
  const full = 2 * size;
  const re = new Float64Array(full * full);
  const im = new Float64Array(full * full);
  for (let y = 0; y < full; y++) {
    for (let x = 0; x < full; x++) {
      re[((y + size) % full) * full + ((x + size) % full)] = psf[y * full + x] ?? 0;
    }
  }
  fft2Forward(re, im, full);
  return { re, im };
}

/** residual − components ⊛ PSF, by transforms of twice the size, so that nothing wraps around. */
function subtractConvolved(
  residual: Float64Array,
  components: Float64Array,
  transfer: Transfer,
  size: number,
): Float64Array {
  const full = 2 * size;
  const re = new Float64Array(full * full);
  const im = new Float64Array(full * full);
  for (let y = 0; y < size; y++) re.set(components.subarray(y * size, (y + 1) * size), y * full);
  fft2Forward(re, im, full);
  for (let at = 0; at < re.length; at++) {
    const aRe = re[at] ?? 0;
    const aIm = im[at] ?? 0;
    const bRe = transfer.re[at] ?? 0;
    const bIm = transfer.im[at] ?? 0;
    re[at] = aRe * bRe - aIm * bIm;
    im[at] = aRe * bIm + aIm * bRe;
  }
  fft2Backward(re, im, full);
  const scale = 1 / (full * full);
  return residual.map((value, at) => value - scale * (re[Math.floor(at / size) * full + (at % size)] ?? 0));
}
