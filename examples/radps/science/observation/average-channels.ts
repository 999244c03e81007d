import type { ChannelRange } from '../spectral/find-continuum.ts';
import { channelsOf } from '../spectral/find-continuum.ts';
import { requireParameter } from '../science-error.ts';
import { emptyVisibilitySet } from './observation.ts';
import type { VisibilitySet } from './observation.ts';

/**
 * Weighted averages over neighbouring channels, of those alone that are in `ranges`: bins of at most `maxWidthHz`,
 * each at the mean frequency of its channels; weights add up. What a continuum image needs, in a fraction of the
 * memory. A bin of Δν shifts a source θ from the centre by up to θ Δν/2ν (bandwidth smearing; Bridle & Schwab 1999,
 * ASP Conf. Ser. 180, 371): {@link smearingWidthHz} keeps that small.
 */
export function averageChannels(
  set: VisibilitySet,
  ranges: readonly ChannelRange[],
  maxWidthHz: number,
): VisibilitySet {
  const bins = binsOf(set, ranges, maxWidthHz);
  const frequencyHz = Float64Array.from(
    bins,
    (bin) => bin.reduce((sum, channel) => sum + (set.frequencyHz[channel] ?? 0), 0) / bin.length,
  );
  const nCorrelation = set.correlations.length;
  const { data, weight, flag } = emptyVisibilitySet(set.rows, frequencyHz, set.correlations);
  for (let row = 0; row < set.rows; row++) {
    for (const [index, bin] of bins.entries()) {
      for (let correlation = 0; correlation < nCorrelation; correlation++) {
        let sum = 0;
        let re = 0;
        let im = 0;
        for (const channel of bin) {
          const from = (row * set.channels + channel) * nCorrelation + correlation;
          const w = set.weight[from] ?? 0;
          if (set.flag[from] !== 0 || !(w > 0)) continue;
          sum += w;
          re += w * (set.data[2 * from] ?? 0);
          im += w * (set.data[2 * from + 1] ?? 0);
        }
        const to = (row * bins.length + index) * nCorrelation + correlation;
        weight[to] = sum;
        flag[to] = sum > 0 ? 0 : 1;
        if (sum === 0) continue;
        data[2 * to] = re / sum;
        data[2 * to + 1] = im / sum;
      }
    }
  }
  return { ...set, channels: bins.length, frequencyHz, data, weight, flag };
}

/** Width of a bin, Hz, that smears a source at the edge of an image by less than a tenth of a beam of three pixels. */
export function smearingWidthHz(frequencyHz: number, size: number): number {
  return (0.1 * 3 * frequencyHz) / (size / 2);
}

/** Channels of each bin: those wanted of as many neighbours as fit into the width. */
function binsOf(set: VisibilitySet, ranges: readonly ChannelRange[], maxWidthHz: number): number[][] {
  const { channels, frequencyHz } = set;
  const wanted = channelsOf(ranges).filter((channel) => channel >= 0 && channel < channels);
  requireParameter(
    wanted.length > 0 && maxWidthHz > 0,
    `${wanted.length} channels cannot be averaged to bins of ${maxWidthHz} Hz`,
    'Give at least one channel of the set, and a positive width.',
  );
  const step = channels > 1 ? Math.abs((frequencyHz[1] ?? 0) - (frequencyHz[0] ?? 0)) : maxWidthHz;
  const perBin = Math.max(1, Math.floor(maxWidthHz / step));
  const bins = new Map<number, number[]>();
  for (const channel of wanted) {
    const bin = Math.floor(channel / perBin);
    bins.set(bin, [...(bins.get(bin) ?? []), channel]);
  }
  return [...bins.values()];
}
