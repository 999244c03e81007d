import { LeastSquares } from '../numeric/linear-solve.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { channelsOf } from './find-continuum.ts';
import type { ChannelRange } from './find-continuum.ts';

export interface ContinuumSubtraction {
  /** The set without its continuum. */
  readonly set: VisibilitySet;
  /** [row, channel, correlation, 2] what was subtracted, Jy. */
  readonly continuum: Float32Array;
  /** Spectra [row, correlation] that could not be fitted, and are flagged. */
  readonly failed: number;
  readonly fitted: number;
  /** Mean over fits of χ² per degree of freedom of the continuum channels: about 1 when all is well. */
  readonly reducedChiSquare: number;
}

/**
 * Subtracts the continuum in the u, v plane: to the real and to the imaginary part of each spectrum a polynomial
 * in frequency is fitted, weighted, over the line-free channels, and taken off all channels (UVLIN; Cornwell,
 * Uson & Haddad 1992, A&A 258, 583).
 */
export function subtractContinuum(
  set: VisibilitySet,
  ranges: readonly ChannelRange[],
  options: Readonly<{ order?: number; flag?: Uint8Array }> = {},
): ContinuumSubtraction {
  const { order = 1 } = options;
  const { rows, channels } = set;
  const inRange = channelsOf(ranges).filter((channel) => channel >= 0 && channel < channels);
  requireParameter(
    Number.isInteger(order) && order >= 0 && order <= 5 && inRange.length > order,
    `a polynomial of order ${order} cannot be fitted to ${inRange.length} continuum channels`,
    'Lower the order, or give more line-free channels.',
  );
  const nCorrelation = set.correlations.length;
  const data = set.data.slice();
  const flag = (options.flag ?? set.flag).slice();
  const continuum = new Float32Array(data.length);
  const powers = Array.from({ length: channels }, (_, channel) => {
    const x = channels > 1 ? (2 * channel) / (channels - 1) - 1 : 0;
    return Array.from({ length: order + 1 }, (_unused, power) => x ** power);
  });
  let failed = 0;
  let fitted = 0;
  let chiSquare = 0;
  for (let row = 0; row < rows; row++) {
    for (let correlation = 0; correlation < nCorrelation; correlation++) {
      const sampleOf = (channel: number): number => (row * channels + channel) * nCorrelation + correlation;
      const usable = inRange.filter(
        (channel) => flag[sampleOf(channel)] === 0 && (set.weight[sampleOf(channel)] ?? 0) > 0,
      );
      const fit = usable.length > order ? fitSpectrum(set, usable, sampleOf, powers, order) : undefined;
      if (fit === undefined) {
        const any = Array.from({ length: channels }, (_, channel) => flag[sampleOf(channel)]).includes(0);
        if (any) failed++;
        for (let channel = 0; channel < channels; channel++) flag[sampleOf(channel)] = 1;
        continue;
      }
      fitted++;
      chiSquare += fit.reducedChiSquare;
      for (let channel = 0; channel < channels; channel++) {
        const at = 2 * sampleOf(channel);
        continuum[at] = dot(fit.re, powers[channel] ?? []);
        continuum[at + 1] = dot(fit.im, powers[channel] ?? []);
        data[at] = (data[at] ?? 0) - (continuum[at] ?? 0);
        data[at + 1] = (data[at + 1] ?? 0) - (continuum[at + 1] ?? 0);
      }
    }
  }
  return {
    set: { ...set, data, flag },
    continuum,
    failed,
    fitted,
    reducedChiSquare: fitted === 0 ? 0 : chiSquare / fitted,
  };
}

function fitSpectrum(
  set: VisibilitySet,
  usable: readonly number[],
  sampleOf: (channel: number) => number,
  powers: readonly (readonly number[])[],
  order: number,
): { re: number[]; im: number[]; reducedChiSquare: number } | undefined {
  const real = new LeastSquares(order + 1);
  const imaginary = new LeastSquares(order + 1);
  for (const channel of usable) {
    const sample = sampleOf(channel);
    const terms = powers[channel] ?? [];
    const weight = set.weight[sample] ?? 0;
    real.add(terms, set.data[2 * sample] ?? 0, weight);
    imaginary.add(terms, set.data[2 * sample + 1] ?? 0, weight);
  }
  const re = real.solve();
  const im = imaginary.solve();
  if (re === undefined || im === undefined) return undefined;
  let sum = 0;
  for (const channel of usable) {
    const sample = sampleOf(channel);
    const terms = powers[channel] ?? [];
    const offRe = (set.data[2 * sample] ?? 0) - dot(re, terms);
    const offIm = (set.data[2 * sample + 1] ?? 0) - dot(im, terms);
    sum += (set.weight[sample] ?? 0) * (offRe * offRe + offIm * offIm);
  }
  const freedom = 2 * (usable.length - order - 1);
  return { re, im, reducedChiSquare: freedom > 0 ? sum / freedom : 1 };
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
