import { requireParameter, scienceError } from '../science-error.ts';

/**
 * What gridding gives: sums over visibilities, so that planes of several channels (or scans, or windows) add up
 * to the plane of all. The point-spread function is twice as wide as the image, so that CLEAN can take a source
 * at one edge away from the other.
 */
export interface DirtyPlane {
  readonly size: number;
  readonly cellRad: number;
  /** [size, size] y then x; Σ W V e^(2πi(ul + vm)), Jy × weight. */
  readonly dirty: Float64Array;
  /** [2 size, 2 size]; Σ W e^(2πi(ul + vm)), centre at (size, size). */
  readonly psf: Float64Array;
  readonly weightSum: number;
  /** Σ W ν, Hz × weight. */
  readonly weightedFrequencySum: number;
  /** Σ W²/w, w the natural weight. */
  readonly noiseSum: number;
  readonly visibilities: number;
  /** Visibilities that did not fit on the grid, for the pixels are too large. */
  readonly outside: number;
}

/** A dirty image in Jy/beam with its point-spread function (peak 1). */
export interface DirtyImage {
  readonly size: number;
  readonly cellRad: number;
  readonly dirty: Float64Array;
  readonly psf: Float64Array;
  /** Weighted mean frequency, Hz. */
  readonly frequencyHz: number;
  /** Noise that the weights promise, Jy/beam. */
  readonly thermalNoiseJy: number;
  readonly visibilities: number;
}

/** The plane of the visibilities of both; associative and commutative but for rounding. */
export function combinePlanes(a: DirtyPlane, b: DirtyPlane): DirtyPlane {
  requireParameter(
    a.size === b.size && a.cellRad === b.cellRad,
    `planes of ${a.size} and ${b.size} pixels of ${a.cellRad} and ${b.cellRad} rad do not add up`,
    'Grid all channels of one image with the same setup.',
  );
  const add = (x: Float64Array, y: Float64Array): Float64Array => {
    const sum = x.slice();
    for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + (y[index] ?? 0);
    return sum;
  };
  return {
    size: a.size,
    cellRad: a.cellRad,
    dirty: add(a.dirty, b.dirty),
    psf: add(a.psf, b.psf),
    weightSum: a.weightSum + b.weightSum,
    weightedFrequencySum: a.weightedFrequencySum + b.weightedFrequencySum,
    noiseSum: a.noiseSum + b.noiseSum,
    visibilities: a.visibilities + b.visibilities,
    outside: a.outside + b.outside,
  };
}

/** Divides a plane by its weight: dirty image in Jy/beam and PSF of peak 1. `NO_USABLE_DATA` when it has none. */
export function normalisePlane(plane: DirtyPlane): DirtyImage {
  if (!(plane.weightSum > 0)) {
    throw scienceError(
      'NO_USABLE_DATA',
      `none of ${plane.visibilities + plane.outside} visibilities could be imaged`,
      'Everything is flagged, or the pixels are too large for the baselines: check both.',
    );
  }
  const scale = 1 / plane.weightSum;
  return {
    size: plane.size,
    cellRad: plane.cellRad,
    dirty: plane.dirty.map((value) => value * scale),
    psf: plane.psf.map((value) => value * scale),
    frequencyHz: plane.weightedFrequencySum * scale,
    thermalNoiseJy: Math.sqrt(plane.noiseSum) * scale,
    visibilities: plane.visibilities,
  };
}
