import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { interpolateGain } from './bandpass.ts';
import { tableIndex } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';
import { feedsOf } from './feeds.ts';

export interface ApplyOptions {
  /** Between solutions: along amplitude and phase, or the nearest one. Default linear. */
  readonly interpolation?: 'linear' | 'nearest';
  /** Samples of antennas without a usable solution: flagged (default), or left as they are. */
  readonly unsolved?: 'flag' | 'keep';
  /** Flags to start from; default: those of the set. */
  readonly flag?: Uint8Array;
  /** Put the factors on instead of taking them off: V g₁ g₂* instead of V / (g₁ g₂*); weights stay. */
  readonly corrupt?: boolean;
}

/**
 * Applies calibration tables, one after the other, to a set: a new set with V / (g₁ g₂*), weights times
 * |g₁ g₂|² (the noise is scaled with the data) and flags where a solution is missing. A table of one channel
 * applies to all channels, another must have the channels of the set.
 */
export function applyCalibration(
  set: VisibilitySet,
  tables: readonly CalibrationTable[],
  options: ApplyOptions = {},
): VisibilitySet {
  const data = set.data.slice();
  const weight = set.weight.slice();
  const flag = (options.flag ?? set.flag).slice();
  for (const table of tables) applyOne({ ...set, data, weight, flag }, table, options);
  return { ...set, data, weight, flag };
}

/** As above with one table, in place. */
function applyOne(set: VisibilitySet, table: CalibrationTable, options: ApplyOptions): void {
  const own = table.frequencyHz.length;
  requireParameter(
    own === 1 || own === set.channels,
    `a ${table.kind} table of ${own} channels does not fit data of ${set.channels}`,
    'Apply a table to the spectral window that it was made from, or one without channels.',
  );
  requireParameter(
    table.timeS.length > 0,
    `a ${table.kind} table has no solutions`,
    'Solve with data that is not wholly flagged.',
  );
  const { channels } = set;
  const { feeds, pairs } = feedsOf(set.correlations);
  const feedOf = feeds.map((name) => Math.max(0, table.feeds.indexOf(name)));
  const factors = new FactorReader(table, options.interpolation ?? 'linear');
  for (let row = 0; row < set.rows; row++) {
    factors.moveTo(set.timeS[row] ?? 0);
    const i = set.antenna1[row] ?? 0;
    const j = set.antenna2[row] ?? 0;
    for (const [correlation, { first, second }] of pairs.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        const tableChannel = own === 1 ? 0 : channel;
        const g1 = factors.read(i, feedOf[first] ?? 0, tableChannel);
        const g2 = factors.read(j, feedOf[second] ?? 0, tableChannel);
        const sample = (row * channels + channel) * pairs.length + correlation;
        if (g1 === undefined || g2 === undefined) {
          if (options.unsolved !== 'keep') set.flag[sample] = 1;
          continue;
        }
        applyFactor(set, sample, g1, g2, options.corrupt === true);
      }
    }
  }
}

type Complex = readonly [re: number, im: number];

function applyFactor(set: VisibilitySet, sample: number, g1: Complex, g2: Complex, corrupt: boolean): void {
  // g₁ g₂*
  const re = g1[0] * g2[0] + g1[1] * g2[1];
  const im = g1[1] * g2[0] - g1[0] * g2[1];
  const power = re * re + im * im;
  const vRe = set.data[2 * sample] ?? 0;
  const vIm = set.data[2 * sample + 1] ?? 0;
  if (corrupt) {
    set.data[2 * sample] = vRe * re - vIm * im;
    set.data[2 * sample + 1] = vRe * im + vIm * re;
  } else if (power > 0) {
    set.data[2 * sample] = (vRe * re + vIm * im) / power;
    set.data[2 * sample + 1] = (vIm * re - vRe * im) / power;
    set.weight[sample] = (set.weight[sample] ?? 0) * power;
  } else {
    set.flag[sample] = 1;
  }
}

/** Factors of a table at one time; remembers what it interpolated until the time changes. */
class FactorReader {
  readonly #table: CalibrationTable;
  readonly #nearest: boolean;
  #time = Number.NaN;
  #known = new Map<number, Complex | undefined>();

  constructor(table: CalibrationTable, interpolation: 'linear' | 'nearest') {
    this.#table = table;
    this.#nearest = interpolation === 'nearest';
  }

  moveTo(time: number): void {
    if (time === this.#time) return;
    this.#time = time;
    this.#known = new Map();
  }

  /** The factor, or undefined when this antenna has no usable solution at any time. */
  read(antenna: number, feed: number, channel: number): Complex | undefined {
    const key = tableIndex(this.#table, 0, antenna, feed, channel);
    if (this.#known.has(key)) return this.#known.get(key);
    const factor = this.#interpolate(antenna, feed, channel);
    this.#known.set(key, factor);
    return factor;
  }

  #interpolate(antenna: number, feed: number, channel: number): Complex | undefined {
    const { timeS, flag, value } = this.#table;
    if (antenna >= this.#table.antennas) return undefined;
    let before = -1;
    let after = -1;
    for (let solution = 0; solution < timeS.length; solution++) {
      if (flag[tableIndex(this.#table, solution, antenna, feed, channel)] === 1) continue;
      if ((timeS[solution] ?? 0) <= this.#time) before = solution;
      else {
        after = solution;
        break;
      }
    }
    if (before < 0 && after < 0) return undefined;
    const lower = before < 0 ? after : before;
    const upper = after < 0 ? before : after;
    const span = (timeS[upper] ?? 0) - (timeS[lower] ?? 0);
    const exact = span === 0 ? 0 : (this.#time - (timeS[lower] ?? 0)) / span;
    const place = this.#nearest ? Math.round(exact) : exact;
    return interpolateGain(
      value,
      tableIndex(this.#table, lower, antenna, feed, channel),
      tableIndex(this.#table, upper, antenna, feed, channel),
      place,
    );
  }
}
