/**
 * The heart of calibration: antenna gains from the sums A = Σ w V M* and B = Σ w |M|² of each pair of antennas,
 * such that Σ w |V − gᵢ M gⱼ*|² is least. Method: alternating direction implicit iteration, every second step
 * averaged with the one before (S. Salvini & S. J. Wijnholds 2014, "StEFCal", A&A 571, A97); phase-only solutions
 * keep the same iteration on the unit circle.
 */
export interface PairSums {
  readonly antennas: number;
  /** [antenna, antenna, 2]; Hermitian. */
  readonly cross: Float64Array;
  /** [antenna, antenna]; symmetric. */
  readonly power: Float64Array;
}

export interface GainSolution {
  /** [antenna, 2]; 0 where there is no solution. */
  readonly gain: Float64Array;
  /** [antenna] amplitude over its standard error, for weights of 1/σ². */
  readonly snr: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface SolveOptions {
  readonly phaseOnly: boolean;
  readonly referenceAntenna: number;
  /** Antennas with fewer baselines than this are not solved for. */
  readonly minBaselines: number;
  /** Relative change of the gains that ends the iteration; default 10⁻⁹. */
  readonly tolerance?: number;
}

const MAX_ITERATIONS = 400;
const TOLERANCE = 1e-9;

export function emptyPairSums(antennas: number): PairSums {
  return {
    antennas,
    cross: new Float64Array(2 * antennas * antennas),
    power: new Float64Array(antennas * antennas),
  };
}

/** Adds one visibility V of the pair (i, j) with model M and weight w, and its conjugate. */
export function addToPair(
  sums: PairSums,
  i: number,
  j: number,
  vRe: number,
  vIm: number,
  mRe: number,
  mIm: number,
  weight: number,
): void {
  const { antennas, cross, power } = sums;
  const re = weight * (vRe * mRe + vIm * mIm);
  const im = weight * (vIm * mRe - vRe * mIm);
  const strength = weight * (mRe * mRe + mIm * mIm);
  const upper = i * antennas + j;
  const lower = j * antennas + i;
  cross[2 * upper] = (cross[2 * upper] ?? 0) + re;
  cross[2 * upper + 1] = (cross[2 * upper + 1] ?? 0) + im;
  cross[2 * lower] = (cross[2 * lower] ?? 0) + re;
  cross[2 * lower + 1] = (cross[2 * lower + 1] ?? 0) - im;
  power[upper] = (power[upper] ?? 0) + strength;
  power[lower] = (power[lower] ?? 0) + strength;
}

/** Solves for the gains; phases are relative to the reference antenna, or to the first solved one if it has none. */
export function solvePairs(sums: PairSums, options: SolveOptions): GainSolution {
  const { antennas } = sums;
  const { tolerance = TOLERANCE } = options;
  const usable = usableAntennas(sums, options.minBaselines);
  const gain = firstGuess(sums, usable, options.referenceAntenna);
  const next = new Float64Array(2 * antennas);
  let iterations = 0;
  let converged = usable.length < 2;
  while (!converged && iterations < MAX_ITERATIONS) {
    iterations++;
    const average = iterations % 2 === 0;
    let change = 0;
    let norm = 0;
    for (const i of usable) {
      let [re, im] = update(sums, gain, usable, i, options.phaseOnly);
      if (average) {
        re = (re + (gain[2 * i] ?? 0)) / 2;
        im = (im + (gain[2 * i + 1] ?? 0)) / 2;
        const size = Math.hypot(re, im);
        if (options.phaseOnly && size > 0) [re, im] = [re / size, im / size];
      }
      change += (re - (gain[2 * i] ?? 0)) ** 2 + (im - (gain[2 * i + 1] ?? 0)) ** 2;
      norm += re * re + im * im;
      next[2 * i] = re;
      next[2 * i + 1] = im;
    }
    gain.set(next);
    converged = average && change <= tolerance * tolerance * norm;
  }
  rotateToReference(gain, usable, options.referenceAntenna);
  return { gain, snr: solutionSnr(sums, gain, usable), iterations, converged };
}

/** gᵢ = Σⱼ Aᵢⱼ gⱼ / Σⱼ Bᵢⱼ |gⱼ|², or its phase. */
function update(
  { antennas, cross, power }: PairSums,
  gain: Float64Array,
  usable: readonly number[],
  i: number,
  phaseOnly: boolean,
): [number, number] {
  let re = 0;
  let im = 0;
  let below = 0;
  for (const j of usable) {
    const at = i * antennas + j;
    const gRe = gain[2 * j] ?? 0;
    const gIm = gain[2 * j + 1] ?? 0;
    const aRe = cross[2 * at] ?? 0;
    const aIm = cross[2 * at + 1] ?? 0;
    re += aRe * gRe - aIm * gIm;
    im += aRe * gIm + aIm * gRe;
    below += (power[at] ?? 0) * (gRe * gRe + gIm * gIm);
  }
  const scale = phaseOnly ? Math.hypot(re, im) : below;
  return scale > 0 ? [re / scale, im / scale] : [gain[2 * i] ?? 0, gain[2 * i + 1] ?? 0];
}

/** Antennas that have enough baselines to each other: dropping one may take another below the limit. */
function usableAntennas({ antennas, power }: PairSums, minBaselines: number): number[] {
  let usable = Array.from({ length: antennas }, (_, antenna) => antenna);
  for (;;) {
    const kept = usable.filter((i) => {
      const partners = usable.filter((j) => j !== i && (power[i * antennas + j] ?? 0) > 0);
      return partners.length >= Math.max(1, minBaselines);
    });
    if (kept.length === usable.length) return kept;
    usable = kept;
  }
}

/** Phases along the baselines to the reference, all of one typical amplitude. */
function firstGuess(
  { antennas, cross, power }: PairSums,
  usable: readonly number[],
  reference: number,
): Float64Array {
  const gain = new Float64Array(2 * antennas);
  let sum = 0;
  let strength = 0;
  for (const i of usable) {
    for (const j of usable) {
      sum += Math.hypot(cross[2 * (i * antennas + j)] ?? 0, cross[2 * (i * antennas + j) + 1] ?? 0);
      strength += power[i * antennas + j] ?? 0;
    }
  }
  const amplitude = strength > 0 ? Math.sqrt(sum / strength) : 0;
  const centre = usable.includes(reference) ? reference : (usable[0] ?? 0);
  for (const i of usable) {
    const at = i * antennas + centre;
    const re = cross[2 * at] ?? 0;
    const im = cross[2 * at + 1] ?? 0;
    const size = Math.hypot(re, im);
    gain[2 * i] = size > 0 ? (amplitude * re) / size : amplitude;
    gain[2 * i + 1] = size > 0 ? (amplitude * im) / size : 0;
  }
  return gain;
}

function rotateToReference(gain: Float64Array, usable: readonly number[], reference: number): void {
  const centre = usable.includes(reference) ? reference : (usable[0] ?? 0);
  const size = Math.hypot(gain[2 * centre] ?? 0, gain[2 * centre + 1] ?? 0);
  if (size === 0) return;
  const cos = (gain[2 * centre] ?? 0) / size;
  const sin = -(gain[2 * centre + 1] ?? 0) / size;
  for (const i of usable) {
    const re = gain[2 * i] ?? 0;
    const im = gain[2 * i + 1] ?? 0;
    gain[2 * i] = re * cos - im * sin;
    gain[2 * i + 1] = re * sin + im * cos;
  }
}

function solutionSnr(
  { antennas, power }: PairSums,
  gain: Float64Array,
  usable: readonly number[],
): Float64Array {
  const snr = new Float64Array(antennas);
  for (const i of usable) {
    let information = 0;
    for (const j of usable) {
      information += (power[i * antennas + j] ?? 0) * ((gain[2 * j] ?? 0) ** 2 + (gain[2 * j + 1] ?? 0) ** 2);
    }
    snr[i] = Math.hypot(gain[2 * i] ?? 0, gain[2 * i + 1] ?? 0) * Math.sqrt(information);
  }
  return snr;
}
