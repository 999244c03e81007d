import { DAY_S } from '../numeric/constants.ts';
import { enuToEquatorial, equatorialToUvw, siderealTimeRad } from '../numeric/coordinates.ts';
import type { SkyDirection } from '../numeric/coordinates.ts';
import { emptyVisibilitySet } from '../observation/observation.ts';
import type { Correlation, VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import type { ArrayLayout } from './array-layout.ts';

/** A stretch of time on one field. */
export interface ScanPlan {
  /** Index of the field. */
  readonly field: number;
  /** Begin, seconds from the start of the observation. */
  readonly startS: number;
  readonly durationS: number;
}

export interface TrackOptions {
  readonly layout: ArrayLayout;
  readonly directions: readonly SkyDirection[];
  readonly scans: readonly ScanPlan[];
  /** Start of the observation, UTC, modified Julian date × 86 400 s. */
  readonly startS: number;
  readonly integrationS: number;
}

/** Sidereal seconds in one second of universal time. */
const SIDEREAL_RATE = 1.00273790935;

/** Mean sidereal time at a longitude, rad, at a time in MJD seconds. */
export function localSiderealTimeRad(timeS: number, longitudeRad: number): number {
  return siderealTimeRad(timeS / DAY_S) + longitudeRad;
}

/** The first moment at or after `notBeforeS` (MJD seconds) at which a direction has the given hour angle. */
export function timeOfHourAngle(
  direction: SkyDirection,
  hourAngleRad: number,
  longitudeRad: number,
  notBeforeS: number,
): number {
  const turn = 2 * Math.PI;
  const missing = hourAngleRad + direction.raRad - localSiderealTimeRad(notBeforeS, longitudeRad);
  const ahead = ((missing % turn) + turn) % turn;
  return notBeforeS + ((ahead / turn) * DAY_S) / SIDEREAL_RATE;
}

/**
 * The rows of an observation: every baseline at every integration of every scan, u, v, w from the hour-angle
 * tracks, data and weights zero. Rows are ordered by time, then baseline.
 */
export function trackRows(
  options: TrackOptions,
  frequencyHz: Float64Array,
  correlations: readonly Correlation[],
): VisibilitySet {
  const { layout, directions, scans, startS, integrationS } = options;
  requireParameter(
    integrationS > 0 && scans.length > 0,
    `${scans.length} scans of integrations of ${integrationS} s make no observation`,
    'Give at least one scan and a positive integration time.',
  );
  const positions = layout.stationsEnuM.map((enu) => enuToEquatorial(enu, layout.latitudeRad));
  const stations = positions.length;
  const baselines = (stations * (stations - 1)) / 2;
  const steps = scans.map((scan) => Math.max(1, Math.round(scan.durationS / integrationS)));
  const rows = baselines * steps.reduce((sum, value) => sum + value, 0);
  const set = emptyVisibilitySet(rows, frequencyHz, correlations);
  let row = 0;
  for (const [scanIndex, scan] of scans.entries()) {
    const direction = directions[scan.field];
    requireParameter(
      direction !== undefined,
      `scan ${scanIndex} is of field ${scan.field}, which does not exist`,
      'Scans refer to fields by their index.',
    );
    for (let step = 0; step < (steps[scanIndex] ?? 0); step++) {
      const timeS = startS + scan.startS + (step + 0.5) * integrationS;
      const hourAngle = localSiderealTimeRad(timeS, layout.longitudeRad) - direction.raRad;
      const uvw = positions.map((position) => equatorialToUvw(position, hourAngle, direction.decRad));
      for (let first = 0; first < stations; first++) {
        for (let second = first + 1; second < stations; second++) {
          set.timeS[row] = timeS;
          set.intervalS[row] = integrationS;
          set.antenna1[row] = first;
          set.antenna2[row] = second;
          set.field[row] = scan.field;
          set.scan[row] = scanIndex;
          for (let axis = 0; axis < 3; axis++) {
            set.uvwM[3 * row + axis] = (uvw[second]?.[axis] ?? 0) - (uvw[first]?.[axis] ?? 0);
          }
          row++;
        }
      }
    }
  }
  return set;
}
