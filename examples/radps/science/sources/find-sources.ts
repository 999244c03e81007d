import { beamAreaPixels } from '../clean/beam.ts';
import type { Beam } from '../clean/beam.ts';
import { fromDirectionCosines } from '../numeric/coordinates.ts';
import type { SkyDirection } from '../numeric/coordinates.ts';
import { LeastSquares } from '../numeric/linear-solve.ts';

/** A source found in a restored image. */
export interface FoundSource extends SkyDirection {
  /** Direction cosines relative to the image centre. */
  readonly l: number;
  readonly m: number;
  /** Height of the fitted peak, Jy/beam: the flux density of a point source. */
  readonly peakJy: number;
  /** Flux density within the island of pixels that the source is in, Jy; shared when it has several peaks. */
  readonly integratedJy: number;
  /** Peak over the image noise. */
  readonly snr: number;
}

export interface FindOptions {
  readonly size: number;
  readonly cellRad: number;
  readonly beam: Beam;
  readonly noiseJy: number;
  readonly centre: SkyDirection;
  /** A source must rise this many noise levels above zero; default 7. */
  readonly thresholdSigma?: number;
  /** An island extends down to this many noise levels; default 3. */
  readonly islandSigma?: number;
}

/**
 * Finds sources: local maxima above a threshold, no two within one beam (the lower is dropped), each refined by
 * a quadratic fit to the logarithm of the nine pixels about it (exact for a Gaussian), with the flux of the
 * island of connected pixels above `islandSigma`. Brightest first.
 */
export function findSources(image: Float64Array, options: FindOptions): FoundSource[] {
  const { size, cellRad, beam, noiseJy, thresholdSigma = 7, islandSigma = 3 } = options;
  const islands = new Islands(image, size, islandSigma * noiseJy);
  const peaks: { x: number; y: number; value: number; at: number }[] = [];
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const value = image[at] ?? 0;
      if (value < thresholdSigma * noiseJy || !isLocalMaximum(image, size, at)) continue;
      peaks.push({ ...refinePeak(image, size, x, y), at });
    }
  }
  peaks.sort((first, second) => second.value - first.value);
  const kept: typeof peaks = [];
  for (const peak of peaks) {
    const near = kept.some(({ x, y }) => Math.hypot(x - peak.x, y - peak.y) * cellRad < beam.majorRad);
    if (!near) kept.push(peak);
  }
  const area = beamAreaPixels(beam, cellRad);
  return kept.map(({ x, y, value, at }) => {
    const l = (size / 2 - x) * cellRad;
    const m = (y - size / 2) * cellRad;
    const { raRad, decRad } = fromDirectionCosines({ l, m }, options.centre);
    return {
      l,
      m,
      raRad,
      decRad,
      peakJy: value,
      integratedJy: islands.sumAt(at) / area,
      snr: value / noiseJy,
    };
  });
}

function isLocalMaximum(image: Float64Array, size: number, at: number): boolean {
  const value = image[at] ?? 0;
  for (const step of [1, size - 1, size, size + 1]) {
    // Of two equal neighbours the later one counts.
    if ((image[at + step] ?? 0) >= value || (image[at - step] ?? 0) > value) return false;
  }
  return true;
}

/** Position and height of the maximum of a quadratic through the logarithms (or values) of nine pixels. */
function refinePeak(
  image: Float64Array,
  size: number,
  x: number,
  y: number,
): { x: number; y: number; value: number } {
  const peak = image[y * size + x] ?? 0;
  const normal = new LeastSquares(6);
  const pixels = [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1].map((dx) => ({ dx, dy, value: image[(y + dy) * size + x + dx] ?? 0 })),
  );
  const logarithmic = pixels.every(({ value }) => value > 0);
  for (const { dx, dy, value } of pixels) {
    normal.add([1, dx, dy, dx * dx, dx * dy, dy * dy], logarithmic ? Math.log(value) : value);
  }
  const [f = 0, gx = 0, gy = 0, hxx = 0, hxy = 0, hyy = 0] = normal.solve() ?? [];
  const determinant = 4 * hxx * hyy - hxy * hxy;
  const dx = (hxy * gy - 2 * hyy * gx) / determinant;
  const dy = (hxy * gx - 2 * hxx * gy) / determinant;
  if (!(determinant > 0) || Math.abs(dx) > 1 || Math.abs(dy) > 1) return { x, y, value: peak };
  const top = f + (gx * dx + gy * dy) / 2;
  return { x: x + dx, y: y + dy, value: logarithmic ? Math.exp(top) : top };
}

/** Sums over connected regions of pixels above a level, each measured once. */
class Islands {
  readonly #image: Float64Array;
  readonly #size: number;
  readonly #level: number;
  readonly #label: Int32Array;
  readonly #sums: number[] = [];

  constructor(image: Float64Array, size: number, level: number) {
    this.#image = image;
    this.#size = size;
    this.#level = level;
    this.#label = new Int32Array(image.length).fill(-1);
  }

  /** Sum of the pixels of the island that pixel `at` is in. */
  sumAt(at: number): number {
    const known = this.#label[at] ?? -1;
    if (known >= 0) return this.#sums[known] ?? 0;
    const label = this.#sums.length;
    let sum = 0;
    const queue = [at];
    this.#label[at] = label;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      sum += this.#image[next] ?? 0;
      const x = next % this.#size;
      for (const neighbour of [
        next - this.#size,
        next + this.#size,
        x > 0 ? next - 1 : -1,
        x < this.#size - 1 ? next + 1 : -1,
      ]) {
        if (neighbour < 0 || (this.#label[neighbour] ?? 0) !== -1) continue;
        if ((this.#image[neighbour] ?? 0) < this.#level) continue;
        this.#label[neighbour] = label;
        queue.push(neighbour);
      }
    }
    this.#sums.push(sum);
    return sum;
  }
}
