import { ARCSEC, DEGREE, fromDirectionCosines } from '../science/index.ts';
import type { SkyDirection } from '../science/index.ts';
import type { Axis } from './svg.ts';

/** Steps that divide minutes and hours (or degrees) evenly, in seconds. */
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200,
];

/** Seconds of time are 15 arcseconds. */
const TIME_SECOND = 15 * ARCSEC;

/**
 * Right ascension along the lower edge and declination along the left edge of an image in SIN projection (Calabretta
 * & Greisen 2002, A&A 395, 1077): ticks stand where the edge has round coordinates. For images that {@link hasSkyAxes}.
 */
export function skyAxes(size: number, cellRad: number, centre: SkyDirection): [right: Axis, up: Axis] {
  const half = size / 2;
  // The axes count direction cosines; pixel centres are at whole offsets.
  const east = (half + 0.5) * cellRad;
  const west = (half + 0.5 - size) * cellRad;
  const south = (-half - 0.5) * cellRad;
  const north = (size - half - 0.5) * cellRad;
  const decAtEdge = centre.decRad + south;
  const toL = (raRad: number): number => {
    let l = 0;
    // The declination changes a little along the edge.
    for (let turn = 0; turn < 4; turn++) {
      const { decRad } = fromDirectionCosines({ l, m: south }, centre);
      l = Math.cos(decRad) * Math.sin(raRad - centre.raRad);
    }
    return l;
  };
  const toM = (decRad: number): number => {
    const cosDRa = Math.sqrt(Math.max(0, 1 - (east / Math.cos(decRad)) ** 2));
    return Math.sin(decRad) * Math.cos(centre.decRad) - Math.cos(decRad) * Math.sin(centre.decRad) * cosDRa;
  };
  const ras = roundBetween(
    centre.raRad + west / Math.cos(decAtEdge),
    centre.raRad + east / Math.cos(decAtEdge),
    TIME_SECOND,
    4,
  );
  const decs = roundBetween(centre.decRad + south, centre.decRad + north, ARCSEC, 5);
  const inside = (low: number, high: number, at: number): boolean => at >= low && at <= high;
  return [
    axis(east, west, 'right ascension (ICRS)', ras, toL, (ra) => inside(west, east, ra), hours),
    axis(south, north, 'declination (ICRS)', decs, toM, (dec) => inside(south, north, dec), degrees),
  ];
}

interface RoundValues {
  readonly unitRad: number;
  /** Seconds from one to the next, and the values in these steps. */
  readonly step: number;
  readonly values: readonly number[];
}

function roundBetween(low: number, high: number, unitRad: number, wanted: number): RoundValues {
  const rough = (high - low) / unitRad / wanted;
  const step = STEPS.find((candidate) => candidate >= rough) ?? 3600;
  const first = Math.ceil(low / unitRad / step);
  const last = Math.floor(high / unitRad / step);
  return {
    unitRad,
    step,
    values: Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n),
  };
}

function axis(
  from: number,
  to: number,
  label: string,
  { unitRad, step, values }: RoundValues,
  place: (value: number) => number,
  isInside: (at: number) => boolean,
  format: (seconds: number, step: number) => string,
): Axis {
  const texts = new Map<number, string>();
  for (const value of values) {
    const at = place(value * step * unitRad);
    if (isInside(at)) texts.set(at, format(value * step, step));
  }
  return { from, to, label, ticks: [...texts.keys()], format: (at) => texts.get(at) ?? '' };
}

const two = (value: number): string => String(value).padStart(2, '0');

function decimalsOf(step: number): number {
  return step >= 1 ? 0 : Math.round(-Math.log10(step) + 0.5);
}

/** Seconds of time as `18h46m20s`. */
function hours(seconds: number, step: number): string {
  const day = 24 * 3600;
  const [minutes, rest] = split(((seconds % day) + day) % day, step);
  const end = step >= 60 ? '' : `${rest}s`;
  return `${two(Math.floor(minutes / 60) % 24)}h${two(minutes % 60)}m${end}`;
}

/** Arcseconds as `+02°24′30″`. */
function degrees(seconds: number, step: number): string {
  const [minutes, rest] = split(Math.abs(seconds), step);
  const end = step >= 60 ? '' : `${rest}″`;
  return `${seconds < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}°${two(minutes % 60)}′${end}`;
}

/** Whole minutes, and the seconds left with as many decimals as the step has. */
function split(seconds: number, step: number): [minutes: number, rest: string] {
  const decimals = decimalsOf(step);
  const scale = 10 ** decimals;
  const total = Math.round(seconds * scale);
  const minutes = Math.floor(total / (60 * scale));
  const rest = ((total - minutes * 60 * scale) / scale).toFixed(decimals);
  return [minutes, rest.padStart(decimals === 0 ? 2 : 3 + decimals, '0')];
}

/** Is an image small enough, and far enough from the poles, for its edges to have coordinates of their own? */
export function hasSkyAxes(size: number, cellRad: number, centre: SkyDirection): boolean {
  return size * cellRad < 5 * DEGREE && Math.abs(centre.decRad) < 80 * DEGREE;
}
