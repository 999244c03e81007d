import { DEGREE } from './constants.ts';

/** A direction on the sky: right ascension and declination, radians. */
export interface SkyDirection {
  readonly raRad: number;
  readonly decRad: number;
}

/** Direction cosines relative to a phase centre: l grows to the east, m to the north. */
export interface DirectionCosines {
  readonly l: number;
  readonly m: number;
}

/** Orthographic (SIN) projection of a direction about a centre (Calabretta & Greisen 2002, A&A 395, 1077, §5.1.5). */
export function toDirectionCosines(direction: SkyDirection, centre: SkyDirection): DirectionCosines {
  const dRa = direction.raRad - centre.raRad;
  const { sin, cos } = Math;
  return {
    l: cos(direction.decRad) * sin(dRa),
    m: sin(direction.decRad) * cos(centre.decRad) - cos(direction.decRad) * sin(centre.decRad) * cos(dRa),
  };
}

/** The inverse of {@link toDirectionCosines}. */
export function fromDirectionCosines({ l, m }: DirectionCosines, centre: SkyDirection): SkyDirection {
  const n = Math.sqrt(Math.max(0, 1 - l * l - m * m));
  const { sin, cos } = Math;
  const decRad = Math.asin(m * cos(centre.decRad) + n * sin(centre.decRad));
  const dRa = Math.atan2(l, n * cos(centre.decRad) - m * sin(centre.decRad));
  const turn = 2 * Math.PI;
  return { raRad: (((centre.raRad + dRa) % turn) + turn) % turn, decRad };
}

/** Greenwich mean sidereal time, radians, at a UT1 (here: UTC) modified Julian date (Aoki et al. 1982, A&A 105, 359). */
export function siderealTimeRad(mjd: number): number {
  const centuries = (mjd - 51_544.5) / 36_525;
  const seconds =
    67_310.54841 +
    (876_600 * 3600 + 8_640_184.812866) * centuries +
    0.093104 * centuries ** 2 -
    6.2e-6 * centuries ** 3;
  const turns = seconds / 86_400;
  return (turns - Math.floor(turns)) * 2 * Math.PI;
}

/** Three coordinates, metres. */
export type Position = readonly [x: number, y: number, z: number];

/**
 * East, north, up at a latitude → equatorial coordinates about the array centre: X to the meridian on the
 * equator, Y to the east, Z to the pole (Thompson, Moran & Swenson 2017, 3rd ed., eq. 4.2).
 */
export function enuToEquatorial([east, north, up]: Position, latitudeRad: number): Position {
  const sin = Math.sin(latitudeRad);
  const cos = Math.cos(latitudeRad);
  return [-sin * north + cos * up, east, cos * north + sin * up];
}

/** Equatorial X, Y, Z → u, v, w towards hour angle H and declination δ (Thompson et al. 2017, eq. 4.1). */
export function equatorialToUvw([x, y, z]: Position, hourAngleRad: number, decRad: number): Position {
  const sinH = Math.sin(hourAngleRad);
  const cosH = Math.cos(hourAngleRad);
  const sinD = Math.sin(decRad);
  const cosD = Math.cos(decRad);
  return [
    sinH * x + cosH * y,
    -sinD * cosH * x + sinD * sinH * y + cosD * z,
    cosD * cosH * x - cosD * sinH * y + sinD * z,
  ];
}

/** Right ascension as `18h51m46.720s` and declination as `+00°35′32.40″`. */
export function formatDirection({ raRad, decRad }: SkyDirection): { ra: string; dec: string } {
  const split = (value: number, seconds: number): [number, number, string] => {
    const scale = 10 ** seconds;
    const total = Math.round(value * 3600 * scale);
    const whole = Math.floor(total / scale);
    const rest = ((total / scale) % 60).toFixed(seconds).padStart(seconds + 3, '0');
    return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, rest];
  };
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = split(raRad / DEGREE / 15, 3);
  const [d, dm, ds] = split(Math.abs(decRad) / DEGREE, 2);
  return {
    ra: `${two(h % 24)}h${two(m)}m${s}s`,
    dec: `${decRad < 0 ? '−' : '+'}${two(d)}°${two(dm)}′${ds}″`,
  };
}
