import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { minimise } from '../numeric/nelder-mead.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { closureFit, closureGroups } from '../vlbi/closure.ts';
import type { ClosureGroup } from '../vlbi/closure.ts';
import { besselJ } from './bessel.ts';

/** A thin ring, blurred by a Gaussian, brighter on one side. */
export interface RingModel {
  readonly diameterRad: number;
  /** Full width at half maximum of the blurring Gaussian, rad. */
  readonly widthRad: number;
  /** Brightness along the ring is 1 + a₁ cos(θ − η₁) + a₂ cos 2(θ − η₂), θ from north through east. */
  readonly asymmetry: number;
  readonly brightAngleRad: number;
  readonly asymmetry2: number;
  readonly brightAngle2Rad: number;
}

export interface RingFit extends RingModel {
  /** Standard error of the diameter, from leaving out a part of the scans at a time (jackknife). */
  readonly diameterErrorRad: number;
  /** Closure χ² over degrees of freedom of the best fit. */
  readonly reducedChiSquare: number;
}

/**
 * Visibility of a ring of unit flux at (u, v), wavelengths: Σ_m β_m (−i)^m J_m(π d q) e^(imφ) times the Gaussian's
 * transform, q and φ length and angle of (u, v), the angle from v through u (Johnson et al. 2020, Sci. Adv. 6,
 * eaaz1310, supplement; EHT Collaboration 2022, ApJL 930, L15, §4: "m-ring").
 */
export function ringVisibility(ring: RingModel, u: number, v: number): [number, number] {
  const q = Math.hypot(u, v);
  const phi = Math.atan2(u, v);
  const x = Math.PI * ring.diameterRad * q;
  const blur = Math.exp(-((Math.PI * ring.widthRad * q) ** 2) / (4 * Math.LN2));
  const even = besselJ(0, x) - ring.asymmetry2 * besselJ(2, x) * Math.cos(2 * (phi - ring.brightAngle2Rad));
  const odd = -ring.asymmetry * besselJ(1, x) * Math.cos(phi - ring.brightAngleRad);
  return [blur * even, blur * odd];
}

/** How a ring is fitted to visibilities. */
export interface RingFitOptions {
  readonly antennas: number;
  /** Diameters to start from, rad; at least one. */
  readonly diametersRad: readonly number[];
  /** Width to start from, rad. */
  readonly widthRad: number;
  /** Baselines shorter than this, wavelengths, are left out. */
  readonly shortWavelengths: number;
  /** Parts of the scans of which each is left out once for the error; default 8. */
  readonly parts?: number;
}

/** Where a search begins. */
export interface RingStart {
  readonly diameterRad: number;
  readonly brightAngleRad: number;
}

/** A ring as the six numbers that the fit varies, in units of the first start diameter, and its χ². */
export interface RingPoint {
  readonly x: readonly number[];
  readonly value: number;
}

/** Parts of the scans that {@link fitRing} leaves out in turn, unless told otherwise. */
export const RING_PARTS = 8;

const STEPS = [0.1, 0.1, 0.2, 0.2, 0.1, 0.1];

/**
 * Fits a ring to visibilities whose station gains are unknown: the χ² that is minimised has the gains of every time
 * solved for, so only closure phases and closure amplitudes count. `sets` have one correlation; baselines shorter
 * than `shortWavelengths` are left out. Starts from several diameters and bright sides and keeps the best.
 *
 * This is the plain form of {@link ringStarts}, {@link searchRing}, {@link refineRing} and {@link ringFitOf}, which
 * a pipeline spreads over threads.
 */
export function fitRing(sets: readonly VisibilitySet[], options: RingFitOptions): RingFit {
  const found = ringStarts(options).map((start) => searchRing(sets, options, start));
  const best = bestPoint(found);
  const whole = refineRing(sets, options, best);
  const parts = Array.from({ length: options.parts ?? RING_PARTS }, (_, part) =>
    refineRing(sets, options, best, part),
  );
  return ringFitOf(options, whole, parts);
}

/** Every start diameter with four bright sides. */
export function ringStarts({ diametersRad }: RingFitOptions): RingStart[] {
  return diametersRad.flatMap((diameterRad) =>
    [0, Math.PI / 2, Math.PI, 1.5 * Math.PI].map((brightAngleRad) => ({ diameterRad, brightAngleRad })),
  );
}

/** The best ring near one start. Throws `BAD_PARAMETER` for data without closure quantities. */
export function searchRing(
  sets: readonly VisibilitySet[],
  options: RingFitOptions,
  { diameterRad, brightAngleRad }: RingStart,
): RingPoint {
  const groups = groupsOf(sets, options);
  const unit = unitOf(options);
  const start = [
    diameterRad / unit,
    options.widthRad / unit,
    0.4 * Math.cos(brightAngleRad),
    0.4 * Math.sin(brightAngleRad),
    0,
    0,
  ];
  return minimise((x) => cost(groups, sets, asRing(x, unit)), start, STEPS, 160);
}

/** The point of lowest χ². */
export function bestPoint(points: readonly RingPoint[]): RingPoint {
  return points.reduce((best, point) => (point.value < best.value ? point : best), {
    x: [1, 0.3, 0, 0, 0, 0],
    value: Infinity,
  });
}

/** The best ring near a point, of all scans or without one part of them. */
export function refineRing(
  sets: readonly VisibilitySet[],
  options: RingFitOptions,
  from: RingPoint,
  leftOut?: number,
): RingPoint {
  const groups = groupsOf(sets, options);
  const parts = options.parts ?? RING_PARTS;
  const rest = leftOut === undefined ? groups : groups.filter(({ scan }) => scan % parts !== leftOut);
  const unit = unitOf(options);
  return minimise(
    (x) => cost(rest.length > 0 ? rest : groups, sets, asRing(x, unit)),
    [...from.x],
    STEPS.map((step) => step / 4),
    leftOut === undefined ? 300 : 120,
  );
}

/** The fit: the refined ring, with the jackknife error of what came out without each part. */
export function ringFitOf(
  options: RingFitOptions,
  whole: RingPoint,
  withoutPart: readonly RingPoint[],
): RingFit {
  const unit = unitOf(options);
  const parts = withoutPart.length;
  const diameters = withoutPart.map(({ x }) => Math.abs(x[0] ?? 0) * unit);
  const mean = diameters.reduce((sum, value) => sum + value, 0) / parts;
  const spread = diameters.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    ...asRing(whole.x, unit),
    diameterErrorRad: Math.sqrt(((parts - 1) / parts) * spread),
    reducedChiSquare: whole.value,
  };
}

function groupsOf(sets: readonly VisibilitySet[], options: RingFitOptions): ClosureGroup[] {
  const groups = closureGroups(sets, options.antennas, options.shortWavelengths);
  requireParameter(
    groups.length > 0 && options.diametersRad.length > 0,
    `a ring cannot be fitted to ${groups.length} times of closure quantities from ${options.diametersRad.length} starting diameters`,
    'Give data with at least three stations at a time, and one or more diameters to start from.',
  );
  return groups;
}

const unitOf = ({ diametersRad }: RingFitOptions): number => diametersRad[0] ?? 1;

function asRing(x: readonly number[], unit: number): RingModel {
  const [diameter = 1, width = 0, c1 = 0, s1 = 0, c2 = 0, s2 = 0] = x;
  return {
    diameterRad: Math.abs(diameter) * unit,
    widthRad: Math.abs(width) * unit,
    asymmetry: Math.hypot(c1, s1),
    brightAngleRad: Math.atan2(s1, c1),
    asymmetry2: Math.hypot(c2, s2),
    brightAngle2Rad: Math.atan2(s2, c2) / 2,
  };
}

function cost(groups: readonly ClosureGroup[], sets: readonly VisibilitySet[], ring: RingModel): number {
  // Brightness must not fall below nothing by much anywhere along the ring.
  const excess = Math.max(0, ring.asymmetry + ring.asymmetry2 - 1);
  const fit = closureFit(
    groups,
    ({ set: index }, { sample }) => {
      const set = sets[index];
      if (set === undefined) return [0, 0];
      const row = Math.floor(sample / set.channels);
      const perMetre = (set.frequencyHz[sample % set.channels] ?? 0) / SPEED_OF_LIGHT;
      return ringVisibility(
        ring,
        (set.uvwM[3 * row] ?? 0) * perMetre,
        (set.uvwM[3 * row + 1] ?? 0) * perMetre,
      );
    },
    'full',
  );
  return fit.full * (1 + 10 * excess * excess);
}
