import { tableIndex, unitTable } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';

/** Delays of antennas and feeds. */
export interface DelaySolution {
  /** [antenna, feed] s, relative to the reference antenna; 0 where there is none. */
  readonly delayS: Float64Array;
  /** The same as factors per channel, e^(2πi τ (ν − ν₀)), ν₀ the middle of the band. */
  readonly table: CalibrationTable;
}

/**
 * Delays from per-channel solutions of one short stretch of data (`solvePerChannel`): the slope of phase with
 * frequency, found as the τ that maximises |Σ g e^(−2πi τ (ν − ν₀))|: a search in steps of a quarter of the
 * resolution 1/bandwidth over ± `maxDelayS` (default: half the inverse channel width), then a parabola through
 * the top, as in fringe fitting (Thompson, Moran & Swenson 2017, §9.3.4).
 */
export function solveDelays(
  perChannel: CalibrationTable,
  options: Readonly<{ maxDelayS?: number }> = {},
): DelaySolution {
  const { frequencyHz, antennas, feeds } = perChannel;
  const channels = frequencyHz.length;
  const low = frequencyHz[0] ?? 0;
  const high = frequencyHz[channels - 1] ?? 0;
  const middle = (low + high) / 2;
  const bandwidth = Math.abs(high - low) * (channels / Math.max(1, channels - 1));
  const table = unitTable('delay', { ...perChannel, feeds });
  const delayS = new Float64Array(antennas * feeds.length);
  if (channels < 2 || bandwidth === 0) return { delayS, table };
  const reach = options.maxDelayS ?? channels / bandwidth / 2;
  for (let antenna = 0; antenna < antennas; antenna++) {
    for (let feed = 0; feed < feeds.length; feed++) {
      const start = tableIndex(perChannel, 0, antenna, feed);
      const strength = (delay: number): number => coherence(perChannel, start, middle, delay);
      const usable = perChannel.flag.subarray(start, start + channels).includes(0);
      const delay = usable ? findTop(strength, reach, 0.25 / bandwidth) : 0;
      delayS[antenna * feeds.length + feed] = delay;
      for (let channel = 0; channel < channels; channel++) {
        const at = start + channel;
        const phase = 2 * Math.PI * delay * ((frequencyHz[channel] ?? 0) - middle);
        table.value[2 * at] = Math.cos(phase);
        table.value[2 * at + 1] = Math.sin(phase);
        table.flag[at] = usable ? 0 : 1;
        table.snr[at] = perChannel.snr[at] ?? 0;
      }
    }
  }
  return { delayS, table };
}

function coherence(table: CalibrationTable, start: number, middleHz: number, delayS: number): number {
  let re = 0;
  let im = 0;
  for (let channel = 0; channel < table.frequencyHz.length; channel++) {
    const at = start + channel;
    if (table.flag[at] === 1) continue;
    const phase = -2 * Math.PI * delayS * ((table.frequencyHz[channel] ?? 0) - middleHz);
    const x = table.value[2 * at] ?? 0;
    const y = table.value[2 * at + 1] ?? 0;
    re += x * Math.cos(phase) - y * Math.sin(phase);
    im += x * Math.sin(phase) + y * Math.cos(phase);
  }
  return Math.hypot(re, im);
}

/** Place of the maximum of `f` in ± reach: the best of a grid, refined by parabolas of shrinking width. */
function findTop(f: (x: number) => number, reach: number, step: number): number {
  let best = 0;
  let highest = f(0);
  for (let x = -reach; x <= reach; x += step) {
    const value = f(x);
    if (value > highest) [best, highest] = [x, value];
  }
  for (let width = step; width > step * 1e-4; width /= 2) {
    const left = f(best - width);
    const right = f(best + width);
    const curvature = left - 2 * f(best) + right;
    if (curvature >= 0) continue;
    const shift = (width * (left - right)) / (2 * curvature);
    best += Math.max(-width, Math.min(width, shift));
  }
  return best;
}
