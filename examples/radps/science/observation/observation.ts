import type { Position, SkyDirection } from '../numeric/coordinates.ts';

/** The product of two feeds that a visibility was made of; `I` is already total intensity. */
export type Correlation = 'RR' | 'LL' | 'RL' | 'LR' | 'XX' | 'YY' | 'XY' | 'YX' | 'I' | 'Q' | 'U' | 'V';

/** One station. */
export interface Antenna {
  readonly name: string;
  /** X to the meridian of Greenwich on the equator, Y 90° east of it, Z to the pole, metres; from the Earth's or the array's centre. */
  readonly position: Position;
}

/** One pointing. */
export interface Field extends SkyDirection {
  readonly name: string;
}

/** Consecutive channels that share one set of rows. */
export interface SpectralWindow {
  readonly name: string;
  /** Channel centres, Hz. */
  readonly frequencyHz: Float64Array;
  /** Width of one channel, Hz. */
  readonly channelWidthHz: number;
}

/**
 * The visibilities of one spectral window: plain typed arrays, so that they go to threads as they are.
 *
 * Conventions of the whole library: the row of antennas 1 and 2 holds ⟨E₁E₂*⟩, its baseline is r₂ − r₁, and so
 * V = Σ S · e^(−2πi (ul + vm + w(n − 1))) with u, v, w in wavelengths; gains enter as V′ = g₁ V g₂*.
 */
export interface VisibilitySet {
  readonly rows: number;
  readonly channels: number;
  readonly correlations: readonly Correlation[];
  /** [channel] Hz. */
  readonly frequencyHz: Float64Array;
  /** [row] mid-point of the integration, UTC, modified Julian date × 86 400 s. */
  readonly timeS: Float64Array;
  /** [row] length of the integration, s. */
  readonly intervalS: Float64Array;
  /** [row] index into the antenna table. */
  readonly antenna1: Int32Array;
  readonly antenna2: Int32Array;
  /** [row] index into the field table. */
  readonly field: Int32Array;
  /** [row] scan number. */
  readonly scan: Int32Array;
  /** [row, 3] u, v, w, metres. */
  readonly uvwM: Float64Array;
  /** [row, channel, correlation, 2] real and imaginary part, Jy. */
  readonly data: Float32Array;
  /** [row, channel, correlation] 1/σ², Jy⁻², σ of the real (and of the imaginary) part. */
  readonly weight: Float32Array;
  /** [row, channel, correlation] 1 where the sample must not be used. */
  readonly flag: Uint8Array;
}

/** What is known of an observation besides its visibilities. */
export interface ObservationHeader {
  readonly telescope: string;
  readonly observer: string;
  readonly antennas: readonly Antenna[];
  readonly fields: readonly Field[];
  readonly spectralWindows: readonly SpectralWindow[];
  readonly correlations: readonly Correlation[];
  /** Where the data came from, in words. */
  readonly origin: string;
}

/** An observation in memory: header and one visibility set per spectral window, in the same order. */
export interface Observation extends ObservationHeader {
  readonly sets: readonly VisibilitySet[];
}

/** An empty set of the given shape; every array zero. */
export function emptyVisibilitySet(
  rows: number,
  frequencyHz: Float64Array,
  correlations: readonly Correlation[],
): VisibilitySet {
  const samples = rows * frequencyHz.length * correlations.length;
  return {
    rows,
    channels: frequencyHz.length,
    correlations,
    frequencyHz,
    timeS: new Float64Array(rows),
    intervalS: new Float64Array(rows),
    antenna1: new Int32Array(rows),
    antenna2: new Int32Array(rows),
    field: new Int32Array(rows),
    scan: new Int32Array(rows),
    uvwM: new Float64Array(rows * 3),
    data: new Float32Array(samples * 2),
    weight: new Float32Array(samples),
    flag: new Uint8Array(samples),
  };
}

/** Shortest and longest projected baseline, metres; a row without length (an autocorrelation) does not count. */
export function baselineRange(set: VisibilitySet): { shortestM: number; longestM: number } {
  let shortest = Infinity;
  let longest = 0;
  for (let row = 0; row < set.rows; row++) {
    const length = Math.hypot(set.uvwM[row * 3] ?? 0, set.uvwM[row * 3 + 1] ?? 0);
    if (length === 0) continue;
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }
  return { shortestM: shortest, longestM: longest };
}
