import { addToPair, emptyPairSums, solvePairs } from '../calibrate/stefcal.ts';
import type { PairSums } from '../calibrate/stefcal.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import type { HybridOptions } from './hybrid-options.ts';
import { shortSamples } from './prepare.ts';

/** How well a model agrees with data whose station gains are unknown. */
export interface ClosureFit {
  /** χ² over degrees of freedom with station phases free at every time: what closure phases (and amplitudes) say. */
  readonly phase: number;
  /** The same with phases and amplitudes free: what closure phases and closure amplitudes say. */
  readonly full: number;
  readonly freedom: number;
}

/** The visibilities of one time, for a quick look at many models. */
export interface ClosureGroup {
  readonly scan: number;
  /** Indices into set, row × channel. */
  readonly entries: readonly {
    readonly first: number;
    readonly second: number;
    readonly sample: number;
    readonly re: number;
    readonly im: number;
    readonly weight: number;
  }[];
  readonly set: number;
  readonly antennas: number;
}

/**
 * Groups single-correlation sets by time. Baselines shorter than `shortWavelengths` are left out: they close
 * trivially and see more than the compact source.
 */
export function closureGroups(
  sets: readonly VisibilitySet[],
  antennas: number,
  shortWavelengths = 0,
): ClosureGroup[] {
  const groups: ClosureGroup[] = [];
  for (const [index, set] of sets.entries()) {
    const short = shortSamples(set, shortWavelengths);
    const byTime = new Map<string, { scan: number; entries: ClosureGroup['entries'][number][] }>();
    for (let row = 0; row < set.rows; row++) {
      for (let channel = 0; channel < set.channels; channel++) {
        const sample = row * set.channels + channel;
        const weight = set.weight[sample] ?? 0;
        if (set.flag[sample] !== 0 || short[sample] === 1 || !(weight > 0)) continue;
        // Averages of one interval may differ in mean time by a little.
        const key = `${Math.round((set.timeS[row] ?? 0) / 30)} ${channel}`;
        const group = byTime.get(key) ?? { scan: set.scan[row] ?? 0, entries: [] };
        byTime.set(key, group);
        group.entries.push({
          first: set.antenna1[row] ?? 0,
          second: set.antenna2[row] ?? 0,
          sample,
          re: set.data[2 * sample] ?? 0,
          im: set.data[2 * sample + 1] ?? 0,
          weight,
        });
      }
    }
    for (const { scan, entries } of byTime.values()) {
      if (entries.length >= 3) groups.push({ scan, entries, set: index, antennas });
    }
  }
  return groups;
}

/** The sums that a {@link ClosureFit} is made of: those of several sets add up. */
export interface ClosureSums {
  readonly phase: number;
  readonly phaseFreedom: number;
  readonly full: number;
  readonly fullFreedom: number;
}

/** Model visibility of an entry of a group. */
type Predict = (group: ClosureGroup, entry: ClosureGroup['entries'][number]) => readonly [number, number];

/**
 * χ² of a model with the station gains of every time fitted away: the agreement with the closure quantities,
 * which no station's gain can change (Blackburn et al. 2020, ApJ 894, 31). `predict` gives the model visibility
 * of a group's entry; `which` may leave `phase` out (0), for speed.
 */
export function closureFit(
  groups: readonly ClosureGroup[],
  predict: Predict,
  which: 'both' | 'full' = 'both',
): ClosureFit {
  return closureOf([closureSums(groups, predict, which)]);
}

/** χ² over degrees of freedom of several sets together; 0 where there is none. */
export function closureOf(sums: readonly ClosureSums[]): ClosureFit {
  const total = (value: (sum: ClosureSums) => number): number =>
    sums.reduce((all, sum) => all + value(sum), 0);
  const phaseFreedom = total((sum) => sum.phaseFreedom);
  const freedom = total((sum) => sum.fullFreedom);
  return {
    phase: phaseFreedom > 0 ? total((sum) => sum.phase) / phaseFreedom : 0,
    full: freedom > 0 ? total((sum) => sum.full) / freedom : 0,
    freedom,
  };
}

/** The closure sums of one set against what a model predicts for it, [row, channel, 2]. */
export function modelClosure(
  set: VisibilitySet,
  predicted: Float64Array,
  { antennas, shortWavelengths }: Pick<HybridOptions, 'antennas' | 'shortWavelengths'>,
): ClosureSums {
  return closureSums(closureGroups([set], antennas, shortWavelengths), (_, { sample }) => [
    predicted[2 * sample] ?? 0,
    predicted[2 * sample + 1] ?? 0,
  ]);
}

function closureSums(
  groups: readonly ClosureGroup[],
  predict: Predict,
  which: 'both' | 'full' = 'both',
): ClosureSums {
  let phase = 0;
  let full = 0;
  let phaseFreedom = 0;
  let fullFreedom = 0;
  for (const group of groups) {
    const sums = emptyPairSums(group.antennas);
    const models = group.entries.map((entry) => predict(group, entry));
    for (const [index, { first, second, re, im, weight }] of group.entries.entries()) {
      const [mRe, mIm] = models[index] ?? [0, 0];
      addToPair(sums, first, second, re, im, mRe, mIm, weight);
    }
    const stations = new Set(group.entries.flatMap(({ first, second }) => [first, second])).size;
    const baselines = group.entries.length;
    const forPhase = 2 * baselines - (stations - 1);
    const forFull = 2 * baselines - (2 * stations - 1);
    if (which === 'both' && stations >= 3) {
      phase += remainder(group, models, sums, true);
      phaseFreedom += forPhase;
    }
    if (stations >= 4 && forFull > 0) {
      full += remainder(group, models, sums, false);
      fullFreedom += forFull;
    }
  }
  return { phase, phaseFreedom, full, fullFreedom };
}

/** χ² of one time after its gains have been solved for. */
function remainder(
  group: ClosureGroup,
  models: readonly (readonly [number, number])[],
  sums: PairSums,
  phaseOnly: boolean,
): number {
  const { gain } = solvePairs(sums, {
    phaseOnly,
    referenceAntenna: -1,
    minBaselines: 1,
    tolerance: 1e-5,
  });
  let sum = 0;
  for (const [index, { first, second, re, im, weight }] of group.entries.entries()) {
    const [mRe, mIm] = models[index] ?? [0, 0];
    const aRe = gain[2 * first] ?? 0;
    const aIm = gain[2 * first + 1] ?? 0;
    const bRe = gain[2 * second] ?? 0;
    const bIm = gain[2 * second + 1] ?? 0;
    const gRe = aRe * bRe + aIm * bIm;
    const gIm = aIm * bRe - aRe * bIm;
    sum += weight * ((re - (gRe * mRe - gIm * mIm)) ** 2 + (im - (gRe * mIm + gIm * mRe)) ** 2);
  }
  return sum;
}
