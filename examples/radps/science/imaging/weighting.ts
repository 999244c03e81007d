import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { scienceError } from '../science-error.ts';
import type { ChannelVisibilities } from './channel-visibilities.ts';
import { checkSetup } from './imaging-setup.ts';
import type { ImagingSetup, Weighting } from './imaging-setup.ts';

/**
 * Natural weight that fell into each cell of the u, v plane, [size/2 + 1 rows of v ≥ 0, size of u], cells of
 * 1/(size · cell) wavelengths; a visibility and its conjugate are one. Densities of several channels that are
 * imaged together are added, and given to each channel's gridding.
 */
export type WeightDensity = Float64Array;

/** Index of the density cell of a point in wavelengths, −1 when it lies outside the grid. */
function densityCell(u: number, v: number, setup: ImagingSetup): number {
  const scale = setup.size * setup.cellRad;
  const half = setup.size / 2;
  let column = Math.round(u * scale);
  let row = Math.round(v * scale);
  if (row < 0 || (row === 0 && column < 0)) {
    row = -row;
    column = -column;
  }
  if (row > half || column < -half || column >= half) return -1;
  return row * setup.size + column + half;
}

/** The weight density of one channel. */
export function channelDensity(channel: ChannelVisibilities, setup: ImagingSetup): WeightDensity {
  checkSetup(setup);
  const density = new Float64Array((setup.size / 2 + 1) * setup.size);
  const perMetre = channel.frequencyHz / SPEED_OF_LIGHT;
  for (let index = 0; index < channel.count; index++) {
    const u = (channel.uvwM[3 * index] ?? 0) * perMetre;
    const v = (channel.uvwM[3 * index + 1] ?? 0) * perMetre;
    const cell = densityCell(u, v, setup);
    if (cell >= 0) density[cell] = (density[cell] ?? 0) + (channel.weight[index] ?? 0);
  }
  return density;
}

/** Adds densities; the order does not matter. */
export function addDensities(a: WeightDensity, b: WeightDensity): WeightDensity {
  return Float64Array.from(a, (value, index) => value + (b[index] ?? 0));
}

/**
 * A function that turns a natural weight at (u, v), wavelengths, into the imaging weight. Uniform: w/W, W the
 * weight in the cell. Briggs: w / (1 + W f²), f² = (5 · 10^−R)² Σw / ΣW² (Briggs 1995, eq. 3.17 ff.).
 */
export function imagingWeight(
  weighting: Weighting,
  density: WeightDensity,
  setup: ImagingSetup,
): (u: number, v: number, weight: number) => number {
  if (weighting.kind === 'natural') return (_u, _v, weight) => weight;
  let sum = 0;
  let squares = 0;
  for (const value of density) {
    sum += value;
    squares += value * value;
  }
  if (!(squares > 0)) {
    throw scienceError(
      'NO_USABLE_DATA',
      'no visibility falls on the u, v grid, so it cannot be weighted',
      'Check the flags, and that pixels are small enough for the longest baseline.',
    );
  }
  const factor = weighting.kind === 'uniform' ? 1 : (5 * 10 ** -weighting.robust) ** 2 * (sum / squares);
  const floor = weighting.kind === 'uniform' ? 0 : 1;
  return (u, v, weight) => {
    const cell = densityCell(u, v, setup);
    return cell < 0 ? 0 : weight / (floor + (density[cell] ?? 0) * factor);
  };
}
