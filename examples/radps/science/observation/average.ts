import { intensityCorrelations } from '../imaging/channel-visibilities.ts';
import { requireParameter } from '../science-error.ts';
import { emptyVisibilitySet } from './observation.ts';
import type { VisibilitySet } from './observation.ts';

/** A set of total intensity alone: the weighted mean of the parallel hands, flagged where none is usable. */
export function toIntensity(set: VisibilitySet, flag = set.flag): VisibilitySet {
  const hands = intensityCorrelations(set);
  const nCorrelation = set.correlations.length;
  const samples = set.rows * set.channels;
  const data = new Float32Array(2 * samples);
  const weight = new Float32Array(samples);
  const newFlag = new Uint8Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0;
    let re = 0;
    let im = 0;
    for (const hand of hands) {
      const at = sample * nCorrelation + hand;
      const w = set.weight[at] ?? 0;
      if (flag[at] !== 0 || !(w > 0)) continue;
      sum += w;
      re += w * (set.data[2 * at] ?? 0);
      im += w * (set.data[2 * at + 1] ?? 0);
    }
    weight[sample] = sum;
    newFlag[sample] = sum > 0 ? 0 : 1;
    if (sum === 0) continue;
    data[2 * sample] = re / sum;
    data[2 * sample + 1] = im / sum;
  }
  return { ...set, correlations: ['I'], data, weight, flag: newFlag };
}

/**
 * Weighted averages over `seconds` (counted from the start of each scan, never across scans), per baseline: data,
 * u, v, w and time; weights add up. Rows come out ordered by time, then as their baselines first appeared.
 */
export function averageInTime(set: VisibilitySet, seconds: number): VisibilitySet {
  requireParameter(seconds > 0, `cannot average over ${seconds} s`, 'Give a positive time in seconds.');
  const scanStart = new Map<number, number>();
  for (let row = 0; row < set.rows; row++) {
    const scan = set.scan[row] ?? 0;
    scanStart.set(scan, Math.min(scanStart.get(scan) ?? Infinity, set.timeS[row] ?? 0));
  }
  const bins = new Map<string, number[]>();
  for (let row = 0; row < set.rows; row++) {
    const scan = set.scan[row] ?? 0;
    const bin = Math.floor(((set.timeS[row] ?? 0) - (scanStart.get(scan) ?? 0)) / seconds + 1e-6);
    const key = `${scan} ${bin} ${set.antenna1[row]} ${set.antenna2[row]}`;
    const list = bins.get(key);
    if (list === undefined) bins.set(key, [row]);
    else list.push(row);
  }
  const out = emptyVisibilitySet(bins.size, set.frequencyHz, set.correlations);
  const groups = [...bins.values()].toSorted(
    (a, b) => (set.timeS[a[0] ?? 0] ?? 0) - (set.timeS[b[0] ?? 0] ?? 0),
  );
  for (const [row, sources] of groups.entries()) averageRows(set, sources, out, row);
  return out;
}

function averageRows(set: VisibilitySet, sources: readonly number[], out: VisibilitySet, row: number): void {
  const perRow = set.channels * set.correlations.length;
  const first = sources[0] ?? 0;
  out.antenna1[row] = set.antenna1[first] ?? 0;
  out.antenna2[row] = set.antenna2[first] ?? 0;
  out.field[row] = set.field[first] ?? 0;
  out.scan[row] = set.scan[first] ?? 0;
  for (const source of sources) {
    out.timeS[row] = (out.timeS[row] ?? 0) + (set.timeS[source] ?? 0) / sources.length;
    out.intervalS[row] = (out.intervalS[row] ?? 0) + (set.intervalS[source] ?? 0);
    for (let axis = 0; axis < 3; axis++) {
      out.uvwM[3 * row + axis] =
        (out.uvwM[3 * row + axis] ?? 0) + (set.uvwM[3 * source + axis] ?? 0) / sources.length;
    }
  }
  for (let index = 0; index < perRow; index++) {
    let sum = 0;
    let re = 0;
    let im = 0;
    for (const source of sources) {
      const sample = source * perRow + index;
      const weight = set.weight[sample] ?? 0;
      if (set.flag[sample] !== 0 || !(weight > 0)) continue;
      sum += weight;
      re += weight * (set.data[2 * sample] ?? 0);
      im += weight * (set.data[2 * sample + 1] ?? 0);
    }
    const sample = row * perRow + index;
    out.weight[sample] = sum;
    out.flag[sample] = sum > 0 ? 0 : 1;
    if (sum === 0) continue;
    out.data[2 * sample] = re / sum;
    out.data[2 * sample + 1] = im / sum;
  }
}
