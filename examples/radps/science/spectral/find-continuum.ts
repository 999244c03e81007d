import { median, robustSpread } from '../numeric/robust.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';

/** Consecutive channels, both ends included. */
export interface ChannelRange {
  readonly from: number;
  readonly to: number;
}

/** What line finding decided, and on what grounds. */
export interface ContinuumRanges {
  readonly ranges: readonly ChannelRange[];
  /** [channel] 1 where there is a line (or no data). */
  readonly line: Uint8Array;
  /** The statistic that was clipped, its centre, spread and threshold. */
  readonly statistic: Float64Array;
  readonly centre: number;
  readonly sigma: number;
  readonly threshold: number;
  /** Part of the channels that are continuum, 0 … 1. */
  readonly continuumFraction: number;
}

/**
 * How far each channel of a cube departs from the others: the highest absolute value, in noise levels, of its
 * plane minus the pixel-by-pixel median over channels (which has the continuum and not the line). NaN for planes
 * without data (all zero).
 */
export function lineStatistic(planes: readonly Float64Array[]): Float64Array {
  const used = planes.filter((plane) => plane.some((value) => value !== 0));
  const [first] = used;
  requireParameter(first !== undefined, `none of ${planes.length} channels has data`, 'Check the flags.');
  const middle = new Float64Array(first.length);
  const column = new Float64Array(used.length);
  for (let at = 0; at < middle.length; at++) {
    for (let index = 0; index < used.length; index++) column[index] = used[index]?.[at] ?? 0;
    middle[at] = median(column);
  }
  return Float64Array.from(planes, (plane) => {
    if (!used.includes(plane)) return Number.NaN;
    const rest = plane.map((value, at) => value - (middle[at] ?? 0));
    const { sigma } = robustSpread(rest);
    const peak = rest.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return sigma > 0 ? peak / sigma : 0;
  });
}

export interface ContinuumOptions {
  /** A channel belongs to a line when its statistic is this many robust deviations above the median; default 5. */
  readonly clipSigma?: number;
  /** The statistic of a line is above this in any case; default 6, which noise in an image hardly ever reaches. */
  readonly floor?: number;
  /** Channels on each side of a line that are taken to belong to it; default 1. */
  readonly grow?: number;
  /** Continuum ranges of fewer channels are dropped; default 2. */
  readonly minWidth?: number;
}

/** A statistic this many times the floor is a strong line beyond doubt. */
const STRONG = 4;

/**
 * Finds the channels without lines: iterated clipping of the statistic at its median plus `clipSigma` robust
 * deviations, lines grown by `grow` channels, what is left as ranges (the approach of the ALMA pipeline's
 * findContinuum, in brief). Where a strong line is in, every channel of more than half its height counts as line.
 *
 * A bright continuum has sidelobes that change from channel to channel; so subtract the continuum first
 * (`subtractContinuum` over all channels), make the cube of the rest, find ranges, and do it again with these until
 * they stay the same: two or three turns.
 */
export function findContinuum(statistic: Float64Array, options: ContinuumOptions = {}): ContinuumRanges {
  const { clipSigma = 5, floor = 6, grow = 1, minWidth = 2 } = options;
  const line = Uint8Array.from(statistic, (value) => (Number.isFinite(value) ? 0 : 1));
  const highest = statistic.reduce((most, value) => (value > most ? value : most), 0);
  let centre = 0;
  let sigma = 0;
  let threshold = 0;
  for (let pass = 0; pass < 20; pass++) {
    const quiet = statistic.filter((_, channel) => line[channel] === 0);
    ({ median: centre, sigma } = robustSpread(quiet));
    const clip = centre + clipSigma * sigma;
    threshold = Math.max(floor, highest > STRONG * floor ? Math.min(clip, highest / 2) : clip);
    let changed = false;
    for (const [channel, value] of statistic.entries()) {
      if (line[channel] === 1 || value <= threshold) continue;
      line[channel] = 1;
      changed = true;
    }
    if (!changed) break;
  }
  const grown = line.slice();
  for (const [channel, value] of line.entries()) {
    if (value === 1 && Number.isFinite(statistic[channel]))
      grown.fill(1, Math.max(0, channel - grow), channel + grow + 1);
  }
  const ranges = quietRanges(grown).filter(({ from, to }) => to - from + 1 >= minWidth);
  const channels = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return {
    ranges,
    line: grown,
    statistic,
    centre,
    sigma,
    threshold,
    continuumFraction: statistic.length === 0 ? 0 : channels / statistic.length,
  };
}

function quietRanges(line: Uint8Array): ChannelRange[] {
  const ranges: ChannelRange[] = [];
  let from = -1;
  for (let channel = 0; channel <= line.length; channel++) {
    const quiet = line[channel] === 0;
    if (quiet && from < 0) from = channel;
    if (!quiet && from >= 0) {
      ranges.push({ from, to: channel - 1 });
      from = -1;
    }
  }
  return ranges;
}

/** The flags of a set with every channel outside the ranges flagged, as for solving with a model of the continuum. */
export function flagOutside(
  set: VisibilitySet,
  ranges: readonly ChannelRange[],
  flag = set.flag,
): Uint8Array {
  const inside = new Set(channelsOf(ranges));
  const nCorrelation = set.correlations.length;
  return flag.map((value, sample) =>
    inside.has(Math.floor(sample / nCorrelation) % set.channels) ? value : 1,
  );
}

/** The channels of some ranges, one by one. */
export function channelsOf(ranges: readonly ChannelRange[]): number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
