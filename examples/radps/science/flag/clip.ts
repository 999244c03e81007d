import { medianInPlace, SIGMA_PER_MAD } from '../numeric/robust.ts';

/**
 * Flags samples of a [times, channels] plane that lie more than `threshold` robust standard deviations above
 * or below the median of their own channel: median and scaled median absolute deviation over the unflagged
 * samples of the channel (Hampel 1974, JASA 69, 383). Changes `flags`; returns how many samples it added.
 */
export function clipChannels(
  plane: Float64Array,
  flags: Uint8Array,
  times: number,
  channels: number,
  threshold: number,
): number {
  const work = new Float64Array(times);
  let added = 0;
  for (let channel = 0; channel < channels; channel++) {
    let count = 0;
    for (let time = 0; time < times; time++) {
      const at = time * channels + channel;
      if (flags[at] === 0) work[count++] = plane[at] ?? 0;
    }
    if (count < MIN_SAMPLES) continue;
    const centre = medianInPlace(work, count);
    for (let index = 0; index < count; index++) work[index] = Math.abs((work[index] ?? 0) - centre);
    const limit = threshold * SIGMA_PER_MAD * medianInPlace(work, count);
    if (limit === 0) continue;
    for (let at = channel; at < times * channels; at += channels) {
      if (flags[at] === 0 && Math.abs((plane[at] ?? 0) - centre) > limit) {
        flags[at] = 1;
        added++;
      }
    }
  }
  return added;
}

/** Fewer samples than this have no meaningful spread. */
const MIN_SAMPLES = 5;
