import { FWHM_PER_SIGMA } from '../numeric/constants.ts';
import { LeastSquares } from '../numeric/linear-solve.ts';
import { scienceError } from '../science-error.ts';

/** An elliptical Gaussian beam. */
export interface Beam {
  /** Full widths at half maximum, rad. */
  readonly majorRad: number;
  readonly minorRad: number;
  /** Of the major axis, from north through east, −π/2 … π/2. */
  readonly positionAngleRad: number;
}

/**
 * The beam as a quadratic form: value exp(−(a l² + b l m + c m²)), l to the east and m to the north, in rad.
 */
interface QuadraticForm {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The quadratic form of a beam. */
export function beamForm({ majorRad, minorRad, positionAngleRad }: Beam): QuadraticForm {
  const perMajor = 0.5 * (FWHM_PER_SIGMA / majorRad) ** 2;
  const perMinor = 0.5 * (FWHM_PER_SIGMA / minorRad) ** 2;
  const sin = Math.sin(positionAngleRad);
  const cos = Math.cos(positionAngleRad);
  return {
    a: perMajor * sin * sin + perMinor * cos * cos,
    b: 2 * sin * cos * (perMajor - perMinor),
    c: perMajor * cos * cos + perMinor * sin * sin,
  };
}

/** The beam of a quadratic form, or undefined when it is no ellipse. */
function formBeam({ a, b, c }: QuadraticForm): Beam | undefined {
  const mean = (a + c) / 2;
  const spread = Math.hypot((a - c) / 2, b / 2);
  if (!(mean - spread > 0)) return undefined;
  return {
    majorRad: FWHM_PER_SIGMA * Math.sqrt(0.5 / (mean - spread)),
    minorRad: FWHM_PER_SIGMA * Math.sqrt(0.5 / (mean + spread)),
    positionAngleRad: Math.atan2(-b / 2, (a - c) / 2) / 2,
  };
}

/** Solid angle of a Gaussian beam, in pixels. */
export function beamAreaPixels(beam: Beam, cellRad: number): number {
  return (Math.PI * beam.majorRad * beam.minorRad) / (4 * Math.LN2 * cellRad * cellRad);
}

/**
 * Fits the restoring beam: an elliptical Gaussian of height 1 to the main lobe of a point-spread function
 * ([size, size], peak at (size/2, size/2)), that is the pixels above 0.35 down from the peak;
 * first linearly in the logarithm, then by Gauss–Newton steps on the values. `SOLVE_FAILED` when the lobe
 * is too small (pixels too large for the beam) or no ellipse.
 */
export function fitBeam(psf: Float64Array, size: number, cellRad: number): Beam {
  const lobe = mainLobe(psf, size);
  const logarithm = new LeastSquares(3);
  for (const { l, m, value } of lobe) logarithm.add([l * l, l * m, m * m], -Math.log(value), value * value);
  let form = asForm(logarithm.solve());
  for (let step = 0; step < 20 && form !== undefined; step++) {
    const normal = new LeastSquares(3);
    for (const { l, m, value } of lobe) {
      const model = Math.exp(-(form.a * l * l + form.b * l * m + form.c * m * m));
      normal.add([-l * l * model, -l * m * model, -m * m * model], value - model);
    }
    const change = asForm(normal.solve());
    if (change === undefined) break;
    form = { a: form.a + change.a, b: form.b + change.b, c: form.c + change.c };
    if (Math.abs(change.a) + Math.abs(change.c) < 1e-10 * (form.a + form.c)) break;
  }
  const scale = cellRad * cellRad;
  const beam =
    form === undefined ? undefined : formBeam({ a: form.a / scale, b: form.b / scale, c: form.c / scale });
  if (beam !== undefined && lobe.length >= 5) return beam;
  throw scienceError(
    'SOLVE_FAILED',
    `no beam fits the main lobe of the point-spread function (${lobe.length} pixels above 0.35)`,
    'Use smaller pixels: three to five across the beam; and check that the u, v coverage is two-dimensional.',
  );
}

const asForm = (x: readonly number[] | undefined): QuadraticForm | undefined =>
  x === undefined ? undefined : { a: x[0] ?? 0, b: x[1] ?? 0, c: x[2] ?? 0 };

/**
 * Pixels above 0.35 that are reached from the peak without ever going up, as offsets to the east and north in
 * pixels: a sidelobe that touches the main lobe above 0.35 stays out.
 */
function mainLobe(psf: Float64Array, size: number): { l: number; m: number; value: number }[] {
  const centre = size / 2;
  const seen = new Set<number>([centre * size + centre]);
  const queue = [...seen];
  const lobe: { l: number; m: number; value: number }[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const x = next % size;
    const y = Math.floor(next / size);
    const value = psf[next] ?? 0;
    if (value < 0.35) continue;
    lobe.push({ l: centre - x, m: y - centre, value });
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const neighbour = (y + dy) * size + x + dx;
      if (x + dx < 0 || x + dx >= size || y + dy < 0 || y + dy >= size || seen.has(neighbour)) continue;
      if ((psf[neighbour] ?? 0) > value) continue;
      seen.add(neighbour);
      queue.push(neighbour);
    }
  }
  return lobe;
}
