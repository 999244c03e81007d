import { DEGREE } from '../numeric/constants.ts';
import { enuToEquatorial } from '../numeric/coordinates.ts';
import type { Position } from '../numeric/coordinates.ts';
import type { Antenna } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';

/** Where an array stands, and its stations. */
export interface ArrayLayout {
  readonly name: string;
  readonly latitudeRad: number;
  /** East positive, rad. */
  readonly longitudeRad: number;
  /** [station] east, north, up of the array centre, metres. */
  readonly stationsEnuM: readonly Position[];
}

/**
 * A Y of three arms with stations at radii growing as (number)^1.716, the law, the arm azimuths and the site
 * of the Very Large Array (Napier, Thompson & Ekers 1983, Proc. IEEE 71, 1295).
 */
export function yLayout(options: Readonly<{ antennasPerArm: number; armLengthM: number }>): ArrayLayout {
  const { antennasPerArm, armLengthM } = options;
  requireParameter(
    Number.isInteger(antennasPerArm) && antennasPerArm >= 2 && armLengthM > 0,
    `an array of ${antennasPerArm} antennas an arm over ${armLengthM} m cannot be laid out`,
    'Give at least two antennas an arm and a positive arm length in metres.',
  );
  const stations: Position[] = [];
  for (const azimuth of [-5, 115, 236]) {
    for (let station = 1; station <= antennasPerArm; station++) {
      const radius = armLengthM * (station / antennasPerArm) ** 1.716;
      stations.push([radius * Math.sin(azimuth * DEGREE), radius * Math.cos(azimuth * DEGREE), 0]);
    }
  }
  return {
    name: 'Y',
    latitudeRad: 34.0784 * DEGREE,
    longitudeRad: -107.6177 * DEGREE,
    stationsEnuM: stations,
  };
}

/** The antenna table of a layout: A01, A02, … about the array centre, axes as in {@link Antenna}: X to Greenwich. */
export function layoutAntennas(layout: ArrayLayout): Antenna[] {
  const sin = Math.sin(layout.longitudeRad);
  const cos = Math.cos(layout.longitudeRad);
  return layout.stationsEnuM.map((enu, index) => {
    const [x, y, z] = enuToEquatorial(enu, layout.latitudeRad);
    return {
      name: `A${String(index + 1).padStart(2, '0')}`,
      position: [x * cos - y * sin, x * sin + y * cos, z],
    };
  });
}
