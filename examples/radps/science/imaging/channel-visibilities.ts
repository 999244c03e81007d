import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';

/** Total intensity of one channel: only usable samples, plain arrays, ready to go to a thread. */
export interface ChannelVisibilities {
  readonly frequencyHz: number;
  readonly count: number;
  /** [sample, 3] u, v, w, metres. */
  readonly uvwM: Float64Array;
  /** [sample, 2] Jy. */
  readonly data: Float32Array;
  /** [sample] 1/σ², Jy⁻². */
  readonly weight: Float32Array;
}

/** Correlations that, weighted and averaged, estimate total intensity. */
export const PARALLEL_HANDS: ReadonlySet<string> = new Set(['RR', 'LL', 'XX', 'YY', 'I']);

/** Indices of the correlations that total intensity is made of. Throws `BAD_PARAMETER` if there is none. */
export function intensityCorrelations(set: VisibilitySet): number[] {
  const indices = set.correlations.flatMap((name, index) => (PARALLEL_HANDS.has(name) ? [index] : []));
  requireParameter(
    indices.length > 0,
    `correlations ${set.correlations.join(', ')} give no total intensity`,
    'Use data that have I, or parallel hands: RR and LL, or XX and YY.',
  );
  return indices;
}

/**
 * The usable samples of one channel (of one field) as total intensity: the weighted mean of the unflagged
 * parallel hands. Where one hand is flagged the other stands for both, which is right for unpolarised sources.
 */
export function selectChannel(
  set: VisibilitySet,
  channel: number,
  options: Readonly<{ field?: number; flag?: Uint8Array }> = {},
): ChannelVisibilities {
  requireParameter(
    Number.isInteger(channel) && channel >= 0 && channel < set.channels,
    `channel ${channel} does not exist`,
    `Choose one of 0 … ${set.channels - 1}.`,
  );
  const { rows, channels } = set;
  const flag = options.flag ?? set.flag;
  const hands = intensityCorrelations(set);
  const nCorrelation = set.correlations.length;
  const uvwM = new Float64Array(3 * rows);
  const data = new Float32Array(2 * rows);
  const weight = new Float32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (options.field !== undefined && set.field[row] !== options.field) continue;
    let sumWeight = 0;
    let re = 0;
    let im = 0;
    for (const hand of hands) {
      const sample = (row * channels + channel) * nCorrelation + hand;
      const w = set.weight[sample] ?? 0;
      if (flag[sample] !== 0 || !(w > 0)) continue;
      sumWeight += w;
      re += w * (set.data[2 * sample] ?? 0);
      im += w * (set.data[2 * sample + 1] ?? 0);
    }
    if (sumWeight === 0) continue;
    uvwM[3 * count] = set.uvwM[3 * row] ?? 0;
    uvwM[3 * count + 1] = set.uvwM[3 * row + 1] ?? 0;
    uvwM[3 * count + 2] = set.uvwM[3 * row + 2] ?? 0;
    data[2 * count] = re / sumWeight;
    data[2 * count + 1] = im / sumWeight;
    weight[count++] = sumWeight;
  }
  return {
    frequencyHz: set.frequencyHz[channel] ?? 0,
    count,
    uvwM: uvwM.slice(0, 3 * count),
    data: data.slice(0, 2 * count),
    weight: weight.slice(0, count),
  };
}
