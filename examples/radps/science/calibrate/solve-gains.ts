import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { tableIndex, unitTable } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';
import { feedsOf } from './feeds.ts';
import { addToPair, emptyPairSums, solvePairs } from './stefcal.ts';
import type { PairSums } from './stefcal.ts';

/** Visibilities and what they should be. */
export interface CalibrationInput {
  readonly set: VisibilitySet;
  /** [row, channel, 2] Jy: total intensity of the model, as `predictSky` gives it. */
  readonly model: Float64Array;
  /** In the shape of `set.flag`; default: its own. */
  readonly flag?: Uint8Array;
}

export interface GainOptions {
  readonly antennas: number;
  readonly referenceAntenna: number;
  /** `phase` leaves amplitudes at one. */
  readonly mode: 'phase' | 'amplitude_phase';
  /** One solution per scan, per this many seconds (never across scans), or one of all. */
  readonly interval: 'scan' | 'all' | number;
  /** Only rows of these fields; default all. */
  readonly fields?: readonly number[];
  /** Solutions with less signal-to-noise are flagged; default 3. */
  readonly minSnr?: number;
  /** Antennas with fewer baselines are not solved for; default 3. */
  readonly minBaselines?: number;
  /** One solution for both feeds, as for phases that the atmosphere makes; default: one each. */
  readonly combineFeeds?: boolean;
}

/**
 * Gains over time, averaged over channels. Several inputs (spectral windows, scans) are combined into one
 * solution each interval; give one input for a solution of its own.
 */
export function solveGains(inputs: readonly CalibrationInput[], options: GainOptions): CalibrationTable {
  const [first] = inputs;
  requireParameter(
    first !== undefined,
    'no visibilities were given to solve for gains',
    'Give at least one set.',
  );
  const { feeds } = feedsOf(first.set.correlations);
  const slots = timeSlots(inputs, options);
  const sums = slots.timeS.map(() => feeds.map(() => emptyPairSums(options.antennas)));
  for (const [index, input] of inputs.entries()) {
    accumulate(input, options, (row, feed) => {
      const slot = slots.slotOf(index, row);
      return slot < 0 ? undefined : sums[slot]?.[options.combineFeeds === true ? 0 : feed];
    });
  }
  const table = unitTable(options.mode === 'phase' ? 'phase' : 'gain', {
    antennas: options.antennas,
    feeds,
    timeS: Float64Array.from(slots.timeS),
    frequencyHz: Float64Array.of(meanFrequency(inputs)),
    referenceAntenna: options.referenceAntenna,
  });
  for (const [solution, perFeed] of sums.entries()) {
    for (let feed = 0; feed < feeds.length; feed++) {
      const pair = perFeed[options.combineFeeds === true ? 0 : feed];
      if (pair !== undefined) storeSolution(table, pair, options, solution, feed, 0);
    }
  }
  return table;
}

/** A bandpass: one solution per channel over all the time of one input; normalise it with `normaliseBandpass`. */
export function solvePerChannel(
  input: CalibrationInput,
  options: Omit<GainOptions, 'interval'>,
): CalibrationTable {
  const { set } = input;
  const { feeds } = feedsOf(set.correlations);
  let time = 0;
  for (const value of set.timeS) time += value / Math.max(1, set.rows);
  const table = unitTable('bandpass', {
    antennas: options.antennas,
    feeds,
    timeS: Float64Array.of(time),
    frequencyHz: set.frequencyHz,
    referenceAntenna: options.referenceAntenna,
  });
  for (let channel = 0; channel < set.channels; channel++) {
    const sums = feeds.map(() => emptyPairSums(options.antennas));
    accumulate(input, options, (_row, feed) => sums[options.combineFeeds === true ? 0 : feed], channel);
    for (let feed = 0; feed < feeds.length; feed++) {
      const pair = sums[options.combineFeeds === true ? 0 : feed];
      if (pair !== undefined) storeSolution(table, pair, options, 0, feed, channel);
    }
  }
  return table;
}

/** Adds every usable parallel-hand sample to the sums that `target` names for its row and feed. */
function accumulate(
  { set, model, flag = set.flag }: CalibrationInput,
  { fields, antennas }: Pick<GainOptions, 'fields' | 'antennas'>,
  target: (row: number, feed: number) => PairSums | undefined,
  onlyChannel?: number,
): void {
  const { channels } = set;
  const nCorrelation = set.correlations.length;
  const { pairs } = feedsOf(set.correlations);
  const from = onlyChannel ?? 0;
  const to = onlyChannel ?? channels - 1;
  for (let row = 0; row < set.rows; row++) {
    const i = set.antenna1[row] ?? 0;
    const j = set.antenna2[row] ?? 0;
    if (i === j || i >= antennas || j >= antennas) continue;
    if (fields !== undefined && !fields.includes(set.field[row] ?? 0)) continue;
    for (const [correlation, { first, second }] of pairs.entries()) {
      if (first !== second) continue;
      const sums = target(row, first);
      if (sums === undefined) continue;
      for (let channel = from; channel <= to; channel++) {
        const sample = (row * channels + channel) * nCorrelation + correlation;
        const weight = set.weight[sample] ?? 0;
        if (flag[sample] !== 0 || !(weight > 0)) continue;
        const at = 2 * (row * channels + channel);
        const mRe = model[at] ?? 0;
        const mIm = model[at + 1] ?? 0;
        addToPair(sums, i, j, set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0, mRe, mIm, weight);
      }
    }
  }
}

function storeSolution(
  table: CalibrationTable,
  sums: PairSums,
  options: Omit<GainOptions, 'interval'>,
  solution: number,
  feed: number,
  channel: number,
): void {
  const { gain, snr, converged } = solvePairs(sums, {
    phaseOnly: options.mode === 'phase',
    referenceAntenna: options.referenceAntenna,
    minBaselines: options.minBaselines ?? 3,
  });
  for (let antenna = 0; antenna < table.antennas; antenna++) {
    const at = tableIndex(table, solution, antenna, feed, channel);
    const good = converged && (snr[antenna] ?? 0) >= (options.minSnr ?? 3);
    table.snr[at] = snr[antenna] ?? 0;
    table.flag[at] = good ? 0 : 1;
    table.value[2 * at] = good ? (gain[2 * antenna] ?? 0) : 1;
    table.value[2 * at + 1] = good ? (gain[2 * antenna + 1] ?? 0) : 0;
  }
}

/** Solution intervals, by time; and which one a row of an input belongs to (−1: none). */
function timeSlots(
  inputs: readonly CalibrationInput[],
  { interval, fields }: GainOptions,
): { timeS: number[]; slotOf: (input: number, row: number) => number } {
  const slots = new Map<string, { sum: number; count: number }>();
  const scanStart = new Map<number, number>();
  for (const { set } of inputs) {
    for (let row = 0; row < set.rows; row++) {
      const scan = set.scan[row] ?? 0;
      scanStart.set(scan, Math.min(scanStart.get(scan) ?? Infinity, set.timeS[row] ?? 0));
    }
  }
  const keyOf = (set: VisibilitySet, row: number): string => {
    if (interval === 'all') return 'all';
    const scan = set.scan[row] ?? 0;
    if (interval === 'scan') return String(scan);
    const since = (set.timeS[row] ?? 0) - (scanStart.get(scan) ?? 0);
    return `${scan} ${Math.floor(since / interval + 1e-6)}`;
  };
  const wanted = (set: VisibilitySet, row: number): boolean =>
    fields === undefined || fields.includes(set.field[row] ?? 0);
  for (const { set } of inputs) {
    for (let row = 0; row < set.rows; row++) {
      if (!wanted(set, row)) continue;
      const key = keyOf(set, row);
      const slot = slots.get(key);
      if (slot === undefined) slots.set(key, { sum: set.timeS[row] ?? 0, count: 1 });
      else {
        slot.sum += set.timeS[row] ?? 0;
        slot.count++;
      }
    }
  }
  const ordered = Array.from(slots, ([key, { sum, count }]) => ({ key, time: sum / count })).toSorted(
    (a, b) => a.time - b.time,
  );
  const order = new Map(ordered.map(({ key }, index) => [key, index]));
  return {
    timeS: ordered.map(({ time }) => time),
    slotOf: (input, row) => {
      const set = inputs[input]?.set;
      return set !== undefined && wanted(set, row) ? (order.get(keyOf(set, row)) ?? -1) : -1;
    },
  };
}

function meanFrequency(inputs: readonly CalibrationInput[]): number {
  let sum = 0;
  let count = 0;
  for (const { set } of inputs) {
    for (const hz of set.frequencyHz) {
      sum += hz;
      count++;
    }
  }
  return sum / Math.max(1, count);
}
