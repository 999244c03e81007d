/**
 * The `rank`-th smallest of the first `length` values (0-based), by quickselect (Hoare 1961). Reorders
 * `values`. A hot path: statistics of every baseline run through it, so it works in place on a typed array.
 */
function selectRank(values: Float64Array, length: number, rank: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left++;
      while ((values[right] ?? 0) > pivot) right--;
      if (left > right) break;
      const swap = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = swap;
      left++;
      right--;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank] ?? Number.NaN;
}

/** Median of the first `length` values; NaN of none. Reorders `values`. */
export function medianInPlace(values: Float64Array, length = values.length): number {
  if (length === 0) return Number.NaN;
  const upper = selectRank(values, length, length >> 1);
  if (length % 2 === 1) return upper;
  let lower = -Infinity;
  for (let index = 0; index < length >> 1; index++) lower = Math.max(lower, values[index] ?? 0);
  return (lower + upper) / 2;
}

/** Median of `values`, which stay as they are; NaN of none. */
export function median(values: ArrayLike<number>): number {
  return medianInPlace(Float64Array.from(values));
}

/** Centre and spread of data that may have outliers. */
export interface RobustSpread {
  readonly median: number;
  /** Standard deviation of the Gaussian with the same median absolute deviation. */
  readonly sigma: number;
}

/** Ratio of standard deviation to median absolute deviation of a Gaussian: 1 / Φ⁻¹(3/4). */
export const SIGMA_PER_MAD = 1.482602218505602;

/** Median and scaled median absolute deviation of the first `length` values. Reorders and overwrites them. */
export function robustSpreadInPlace(values: Float64Array, length = values.length): RobustSpread {
  const centre = medianInPlace(values, length);
  for (let index = 0; index < length; index++) values[index] = Math.abs((values[index] ?? 0) - centre);
  return { median: centre, sigma: SIGMA_PER_MAD * medianInPlace(values, length) };
}

/** Median and scaled median absolute deviation (Hampel 1974, JASA 69, 383) of `values`, which stay as they are. */
export function robustSpread(values: ArrayLike<number>): RobustSpread {
  return robustSpreadInPlace(Float64Array.from(values));
}
