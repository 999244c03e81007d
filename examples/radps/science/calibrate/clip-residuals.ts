import { intensityCorrelations } from '../imaging/channel-visibilities.ts';
import type { VisibilitySet } from '../observation/observation.ts';

/**
 * Flags samples of a calibrated set that depart from a model ([row, channel, 2], Jy) by more than `sigma` times
 * their own noise, real and imaginary part together: what a solve should not be led astray by the second time.
 * Returns the new flag column, how many samples it adds and the χ² per degree of freedom of the others.
 */
export function clipResiduals(
  set: VisibilitySet,
  model: Float64Array,
  sigma: number,
): { flag: Uint8Array; clipped: number; reducedChiSquare: number } {
  const flag = set.flag.slice();
  const nCorrelation = set.correlations.length;
  const hands = new Set(intensityCorrelations(set));
  let clipped = 0;
  let chiSquare = 0;
  let count = 0;
  for (let sample = 0; sample < flag.length; sample++) {
    const weight = set.weight[sample] ?? 0;
    if (flag[sample] === 1 || !(weight > 0) || !hands.has(sample % nCorrelation)) continue;
    const at = 2 * Math.floor(sample / nCorrelation);
    const re = (set.data[2 * sample] ?? 0) - (model[at] ?? 0);
    const im = (set.data[2 * sample + 1] ?? 0) - (model[at + 1] ?? 0);
    // Twice the mean of each part's square: expected value 2 for pure noise.
    const distance = weight * (re * re + im * im);
    if (distance > 2 * sigma * sigma) {
      flag[sample] = 1;
      clipped++;
      continue;
    }
    chiSquare += distance / 2;
    count++;
  }
  return { flag, clipped, reducedChiSquare: count === 0 ? 0 : chiSquare / count };
}
