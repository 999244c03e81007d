import type { VisibilitySet } from '../../science/index.ts';

/** One channel of a set, as a set: what a task needs of a shared one. */
export function channelSet(set: VisibilitySet, channel: number): VisibilitySet {
  const { rows, channels } = set;
  const width = set.correlations.length;
  const data = new Float32Array(2 * rows * width);
  const weight = new Float32Array(rows * width);
  const flag = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = (row * channels + channel) * width;
    data.set(set.data.subarray(2 * from, 2 * (from + width)), 2 * row * width);
    weight.set(set.weight.subarray(from, from + width), row * width);
    flag.set(set.flag.subarray(from, from + width), row * width);
  }
  const frequencyHz = Float64Array.of(set.frequencyHz[channel] ?? 0);
  return { ...set, channels: 1, frequencyHz, data, weight, flag };
}
