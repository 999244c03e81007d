import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { averageInTime, toIntensity } from '../observation/average.ts';
import type { Observation, VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';

export interface VlbiPreparation {
  /** Averaging time, s; short against what is left of the atmosphere's phase. */
  readonly averageS: number;
  /** Flux density of the compact source, Jy. */
  readonly compactFluxJy: number;
  /** Baselines shorter than this (wavelengths) see more than the compact source. */
  readonly shortWavelengths: number;
  /** Added in square to the errors, as a fraction of each amplitude. */
  readonly systematicError: number;
}

export const defaultVlbiPreparation: VlbiPreparation = {
  averageS: 120,
  compactFluxJy: 0.6,
  shortWavelengths: 1e8,
  systematicError: 0.02,
};

/**
 * Makes visibilities of a very long baseline array ready for hybrid mapping: total intensity, averaged in time,
 * errors with a systematic part, and the baselines between stations of one site scaled from all that they see
 * (extended emission too) to the flux of the compact source, whose zero spacing they then stand for. The scale is
 * an assumption: the flux density comes from outside (EHT Collaboration 2019d, ApJL 875, L4, §6).
 */
export function prepareVlbi(
  observation: Pick<Observation, 'sets'>,
  options: VlbiPreparation = defaultVlbiPreparation,
): VisibilitySet[] {
  return observation.sets.map((set) => prepareVlbiSet(set, options));
}

/** As {@link prepareVlbi} of one set, with flags of its shape in place of its own. */
export function prepareVlbiSet(
  set: VisibilitySet,
  options: VlbiPreparation = defaultVlbiPreparation,
  flag = set.flag,
): VisibilitySet {
  const { averageS, compactFluxJy, shortWavelengths, systematicError } = options;
  requireParameter(
    compactFluxJy > 0 && averageS > 0 && systematicError >= 0,
    `cannot prepare with a compact flux of ${compactFluxJy} Jy, averages of ${averageS} s and errors of ${systematicError}`,
    'Give a positive flux and averaging time, and a systematic error of at least 0.',
  );
  const averaged = averageInTime(toIntensity(set, flag), averageS);
  const data = averaged.data.slice();
  const weight = averaged.weight.slice();
  const short = shortSamples(averaged, shortWavelengths);
  const seen = meanAmplitude(averaged, short);
  for (let sample = 0; sample < weight.length; sample++) {
    const scale = short[sample] === 1 && seen > 0 ? compactFluxJy / seen : 1;
    data[2 * sample] = (data[2 * sample] ?? 0) * scale;
    data[2 * sample + 1] = (data[2 * sample + 1] ?? 0) * scale;
    const natural = (weight[sample] ?? 0) / (scale * scale);
    const power = (data[2 * sample] ?? 0) ** 2 + (data[2 * sample + 1] ?? 0) ** 2;
    weight[sample] = natural > 0 ? 1 / (1 / natural + systematicError ** 2 * power) : 0;
  }
  return { ...averaged, data, weight };
}

/** [row, channel, correlation] 1 where the projected baseline is shorter than a number of wavelengths. */
export function shortSamples(set: VisibilitySet, wavelengths: number): Uint8Array {
  const perRow = set.channels * set.correlations.length;
  return Uint8Array.from({ length: set.rows * perRow }, (_, sample) => {
    const row = Math.floor(sample / perRow);
    const channel = Math.floor((sample % perRow) / set.correlations.length);
    const metres = Math.hypot(set.uvwM[3 * row] ?? 0, set.uvwM[3 * row + 1] ?? 0);
    return (metres * (set.frequencyHz[channel] ?? 0)) / SPEED_OF_LIGHT < wavelengths ? 1 : 0;
  });
}

function meanAmplitude(set: VisibilitySet, chosen: Uint8Array): number {
  let sum = 0;
  let weights = 0;
  for (const [sample, yes] of chosen.entries()) {
    if (yes === 0 || set.flag[sample] !== 0) continue;
    const weight = set.weight[sample] ?? 0;
    sum += weight * Math.hypot(set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0);
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}
