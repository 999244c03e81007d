import { robustSpread } from '../numeric/robust.ts';
import { requireParameter } from '../science-error.ts';

/** A ring measured in an image. */
export interface RingMeasurement {
  /** Centre: offset from the middle of the image to the east and to the north, rad. */
  readonly centreEastRad: number;
  readonly centreNorthRad: number;
  /** Mean diameter of the brightest radius, corrected for the blurring by the beam, and its scatter around the ring. */
  readonly diameterRad: number;
  readonly diameterErrorRad: number;
  /** The diameter as it appears, not corrected. */
  readonly apparentDiameterRad: number;
  /** Mean full width at half maximum of the ring across, rad. */
  readonly widthRad: number;
  /** Angle of the brighter side, from north through east, rad; and how strongly: 0 even, 1 all on one side. */
  readonly brightAngleRad: number;
  readonly asymmetry: number;
  /** Brightness of the centre over the mean of the ring's crest. */
  readonly centralFraction: number;
}

const DIRECTIONS = 72;

/**
 * Measures a ring in an image ([size, size]) that was blurred by a Gaussian beam (full width, rad): its centre is
 * where the brightest radii in 72 directions scatter least; diameter, width, bright side and central depression are
 * means over the directions (EHT Collaboration 2019d, ApJL 875, L4, §9). Blurring moves the crest of a thin ring
 * inwards, d ≈ d₀ − α²/(4 ln 2 d₀) (ibid., appendix G), which is corrected for.
 */
export function measureRing(
  image: Float64Array,
  size: number,
  cellRad: number,
  options: Readonly<{ beamRad: number; searchRad: number }>,
): RingMeasurement {
  const reach = options.searchRad / cellRad;
  requireParameter(
    reach > 3 && reach < size / 2,
    `a ring of up to ${options.searchRad} rad radius cannot be measured in ${size} pixels of ${cellRad} rad`,
    'The search radius must be more than three pixels and lie within the image.',
  );
  const profiler = new Profiler(image, size, reach);
  let best = { x: size / 2, y: size / 2, score: Infinity };
  for (let step = Math.max(1, reach / 6); step > 0.05; step /= 2) {
    const from = best;
    for (let dy = -3; dy <= 3; dy++) {
      for (let dx = -3; dx <= 3; dx++) {
        const x = from.x + dx * step;
        const y = from.y + dy * step;
        if (Math.hypot(x - size / 2, y - size / 2) > reach) continue;
        const score = profiler.scatter(x, y);
        if (score < best.score) best = { x, y, score };
      }
    }
  }
  const profiles = profiler.profiles(best.x, best.y);
  const radii = Float64Array.from(profiles, ({ radius }) => radius);
  const mean = radii.reduce((sum, value) => sum + value, 0) / radii.length;
  const spread = Math.sqrt(radii.reduce((sum, value) => sum + (value - mean) ** 2, 0) / radii.length);
  const apparent = 2 * mean * cellRad;
  let corrected = apparent;
  for (let turn = 0; turn < 10; turn++)
    corrected = apparent + options.beamRad ** 2 / (4 * Math.LN2 * corrected);
  let re = 0;
  let im = 0;
  let crest = 0;
  for (const { value, angle } of profiles) {
    re += value * Math.cos(angle);
    im += value * Math.sin(angle);
    crest += value;
  }
  return {
    centreEastRad: (size / 2 - best.x) * cellRad,
    centreNorthRad: (best.y - size / 2) * cellRad,
    diameterRad: corrected,
    diameterErrorRad: 2 * spread * cellRad,
    apparentDiameterRad: apparent,
    widthRad: robustSpread(profiles.map(({ width }) => width)).median * cellRad,
    brightAngleRad: Math.atan2(im, re),
    asymmetry: Math.hypot(re, im) / crest,
    centralFraction: (profiler.at(best.x, best.y) * profiles.length) / crest,
  };
}

interface Profile {
  /** From north through east. */
  readonly angle: number;
  /** Of the brightest point, pixels, and its value. */
  readonly radius: number;
  readonly value: number;
  readonly width: number;
}

/** Brightness along rays from a point. */
class Profiler {
  readonly #image: Float64Array;
  readonly #size: number;
  readonly #reach: number;

  constructor(image: Float64Array, size: number, reach: number) {
    this.#image = image;
    this.#size = size;
    this.#reach = reach;
  }

  /** Brightness between pixels, by bilinear interpolation; 0 outside. */
  at(x: number, y: number): number {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    if (x0 < 0 || y0 < 0 || x0 >= this.#size - 1 || y0 >= this.#size - 1) return 0;
    const pixel = (dx: number, dy: number): number => this.#image[(y0 + dy) * this.#size + x0 + dx] ?? 0;
    const fx = x - x0;
    const fy = y - y0;
    return (
      (1 - fy) * ((1 - fx) * pixel(0, 0) + fx * pixel(1, 0)) +
      fy * ((1 - fx) * pixel(0, 1) + fx * pixel(1, 1))
    );
  }

  profiles(x: number, y: number): Profile[] {
    const step = 0.25;
    return Array.from({ length: DIRECTIONS }, (_, direction) => {
      const angle = (2 * Math.PI * direction) / DIRECTIONS;
      const value = (radius: number): number =>
        this.at(x - radius * Math.sin(angle), y + radius * Math.cos(angle));
      let best = 0;
      let highest = -Infinity;
      for (let radius = step; radius <= this.#reach; radius += step) {
        const here = value(radius);
        if (here > highest) [best, highest] = [radius, here];
      }
      let inner = best;
      let outer = best;
      while (inner > 0 && value(inner) > highest / 2) inner -= step;
      while (outer < 2 * this.#reach && value(outer) > highest / 2) outer += step;
      return { angle, radius: best, value: highest, width: outer - Math.max(0, inner) };
    });
  }

  /** Scatter of the brightest radius over directions, relative to its mean: small where the ring is centred. */
  scatter(x: number, y: number): number {
    const radii = this.profiles(x, y).map(({ radius }) => radius);
    const mean = radii.reduce((sum, value) => sum + value, 0) / radii.length;
    const variance = radii.reduce((sum, value) => sum + (value - mean) ** 2, 0) / radii.length;
    return mean > 1 ? Math.sqrt(variance) / mean : Infinity;
  }
}
