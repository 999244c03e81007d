import { intensityCorrelations } from '../imaging/channel-visibilities.ts';
import type { VisibilitySet } from '../observation/observation.ts';

/**
 * Ranks antennas for use as the phase reference on a point source: how strong the visibilities on their baselines
 * are when averaged over channels, summed in amplitude over all times; those of an antenna that delivers noise, or
 * is flagged, come last. Antenna indices, best first.
 */
export function rankReferenceAntennas(set: VisibilitySet, antennas: number): number[] {
  const strength = new Float64Array(antennas);
  const nCorrelation = set.correlations.length;
  const hands = intensityCorrelations(set);
  for (let row = 0; row < set.rows; row++) {
    const first = set.antenna1[row] ?? 0;
    const second = set.antenna2[row] ?? 0;
    if (first === second) continue;
    for (const correlation of hands) {
      let re = 0;
      let im = 0;
      for (let channel = 0; channel < set.channels; channel++) {
        const sample = (row * set.channels + channel) * nCorrelation + correlation;
        if (set.flag[sample] === 1) continue;
        re += set.data[2 * sample] ?? 0;
        im += set.data[2 * sample + 1] ?? 0;
      }
      const size = Math.hypot(re, im);
      strength[first] = (strength[first] ?? 0) + size;
      strength[second] = (strength[second] ?? 0) + size;
    }
  }
  return Array.from({ length: antennas }, (_, antenna) => antenna).toSorted(
    (a, b) => (strength[b] ?? 0) - (strength[a] ?? 0),
  );
}
