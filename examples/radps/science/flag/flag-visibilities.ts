import { rowsByBaseline } from '../observation/baselines.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { clipChannels } from './clip.ts';
import { sumThreshold } from './sum-threshold.ts';
import type { SumThresholdOptions } from './sum-threshold.ts';

export interface FlagOptions extends SumThresholdOptions {
  /** Clip at this many robust standard deviations about the median of a baseline's channel. */
  readonly clipThreshold: number;
}

export const defaultFlagOptions: FlagOptions = {
  clipThreshold: 8,
  threshold: 6,
  longestRun: 32,
  smoothTimes: 2,
  smoothChannels: 4,
};

/** What flagging found. All counts are of samples [row, channel, correlation]. */
export interface FlagReport {
  readonly samples: number;
  /** Flagged before. */
  readonly already: number;
  /** Not finite, or without weight. */
  readonly invalid: number;
  readonly clipped: number;
  readonly sumThreshold: number;
  /** Flagged in another correlation of the same row and channel. */
  readonly extended: number;
  /** [channel] and [antenna]: fraction of samples that are flagged in the end, 0 … 1. */
  readonly channelFraction: Float64Array;
  readonly antennaFraction: Float64Array;
  /** Fraction flagged in the end. */
  readonly fraction: number;
}

/**
 * Finds interference in one spectral window: per baseline, field and correlation a clip on robust statistics (over
 * all scans, so that one wholly disturbed scan stands out), then per scan SumThreshold on the time–frequency plane
 * of amplitudes; what is flagged in one correlation is flagged in
 * all. The set is not changed; the result is the new flag column and a report.
 */
export function flagVisibilities(
  set: VisibilitySet,
  options: FlagOptions = defaultFlagOptions,
): { flag: Uint8Array; report: FlagReport } {
  const { channels } = set;
  const nCorrelation = set.correlations.length;
  const flag = set.flag.slice();
  const counts = { already: 0, invalid: 0, clipped: 0, sumThreshold: 0, extended: 0 };
  for (let sample = 0; sample < flag.length; sample++) {
    if (flag[sample] === 1) {
      counts.already++;
      continue;
    }
    const finite = Number.isFinite(set.data[2 * sample]) && Number.isFinite(set.data[2 * sample + 1]);
    if (finite && (set.weight[sample] ?? 0) > 0) continue;
    flag[sample] = 1;
    counts.invalid++;
  }
  const valid = flag.slice();
  for (const { rows } of rowsByBaseline(set, 'field')) {
    counts.clipped += flagPlanes(set, flag, rows, (plane, planeFlags) =>
      clipChannels(plane, planeFlags, rows.length, channels, options.clipThreshold),
    );
  }
  for (const { rows } of rowsByBaseline(set, 'scan')) {
    counts.sumThreshold += flagPlanes(set, flag, rows, (plane, planeFlags) =>
      sumThreshold(plane, planeFlags, rows.length, channels, options),
    );
  }
  counts.extended = extendOverCorrelations(flag, valid, nCorrelation);
  return { flag, report: { samples: flag.length, ...counts, ...flaggedFractions(set, flag) } };
}

/**
 * Lets `find` work on the amplitudes [time, channel] of some rows, one correlation after the other, and takes over
 * the flags that it sets. Returns the sum of its results.
 */
function flagPlanes(
  set: VisibilitySet,
  flag: Uint8Array,
  rows: Int32Array,
  find: (plane: Float64Array, planeFlags: Uint8Array) => number,
): number {
  const { channels } = set;
  const nCorrelation = set.correlations.length;
  const plane = new Float64Array(rows.length * channels);
  const planeFlags = new Uint8Array(plane.length);
  let found = 0;
  for (let correlation = 0; correlation < nCorrelation; correlation++) {
    for (const [time, row] of rows.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        const sample = (row * channels + channel) * nCorrelation + correlation;
        const at = time * channels + channel;
        planeFlags[at] = flag[sample] ?? 1;
        plane[at] = Math.hypot(set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0);
      }
    }
    found += find(plane, planeFlags);
    for (const [time, row] of rows.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        const sample = (row * channels + channel) * nCorrelation + correlation;
        flag[sample] = planeFlags[time * channels + channel] ?? 1;
      }
    }
  }
  return found;
}

/** Newly found interference in one correlation goes to all; invalid samples stay with their own correlation. */
function extendOverCorrelations(flag: Uint8Array, before: Uint8Array, nCorrelation: number): number {
  let extended = 0;
  for (let start = 0; start < flag.length; start += nCorrelation) {
    let found = false;
    for (let at = start; at < start + nCorrelation; at++) found ||= flag[at] === 1 && before[at] === 0;
    if (!found) continue;
    for (let at = start; at < start + nCorrelation; at++) {
      if (flag[at] === 1) continue;
      flag[at] = 1;
      extended++;
    }
  }
  return extended;
}

/** The fractions of a report: how much of a set is flagged, by channel, by antenna and in all. */
export function flaggedFractions(
  set: VisibilitySet,
  flag: Uint8Array,
): Pick<FlagReport, 'channelFraction' | 'antennaFraction' | 'fraction'> {
  const { rows, channels } = set;
  const nCorrelation = set.correlations.length;
  const antennas =
    set.antenna1.reduce(
      (most, a) => Math.max(most, a),
      set.antenna2.reduce((x, y) => Math.max(x, y), -1),
    ) + 1;
  const channelFraction = new Float64Array(channels);
  const antennaFraction = new Float64Array(antennas);
  const antennaRows = new Float64Array(antennas);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let inRow = 0;
    for (let channel = 0; channel < channels; channel++) {
      for (let correlation = 0; correlation < nCorrelation; correlation++) {
        if (flag[(row * channels + channel) * nCorrelation + correlation] === 0) continue;
        inRow++;
        channelFraction[channel] = (channelFraction[channel] ?? 0) + 1 / (rows * nCorrelation);
      }
    }
    total += inRow;
    for (const antenna of [set.antenna1[row] ?? 0, set.antenna2[row] ?? 0]) {
      antennaFraction[antenna] = (antennaFraction[antenna] ?? 0) + inRow / (channels * nCorrelation);
      antennaRows[antenna] = (antennaRows[antenna] ?? 0) + 1;
    }
  }
  for (let antenna = 0; antenna < antennas; antenna++) {
    antennaFraction[antenna] = (antennaFraction[antenna] ?? 0) / Math.max(1, antennaRows[antenna] ?? 1);
  }
  return { channelFraction, antennaFraction, fraction: flag.length === 0 ? 0 : total / flag.length };
}
