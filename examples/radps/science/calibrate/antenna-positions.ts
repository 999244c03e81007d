import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { equatorialToUvw, siderealTimeRad } from '../numeric/coordinates.ts';
import type { Position } from '../numeric/coordinates.ts';
import type { Observation, VisibilitySet } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';

/** How far antennas stand from where the antenna table has them, metres, by antenna name. */
export type PositionCorrections = Readonly<Record<string, Position>>;

/**
 * Corrects an observation for antenna positions that were wrong when it was made: the delay that was taken out
 * with the wrong w is put back and the right one taken out (a phase of 2π Δw ν/c), u, v, w and the antenna table
 * become those of the right positions (Thompson, Moran & Swenson 2017, §12.2.6 on baseline errors).
 */
export function correctPositions(observation: Observation, corrections: PositionCorrections): Observation {
  const { antennas } = observation;
  for (const name of Object.keys(corrections)) {
    requireParameter(
      antennas.some((antenna) => antenna.name === name),
      `a position correction is for antenna ${name}, which the observation does not have`,
      `Give corrections for some of ${antennas.map((antenna) => antenna.name).join(', ')}.`,
    );
  }
  const offsets = antennas.map(({ name }): Position => corrections[name] ?? [0, 0, 0]);
  return {
    ...observation,
    antennas: antennas.map(({ name, position }, index) => ({
      name,
      position: addPositions(position, offsets[index] ?? [0, 0, 0]),
    })),
    sets: observation.sets.map((set) => shiftSet(set, observation, offsets, 1)),
  };
}

const addPositions = (a: Position, b: Position): Position => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/**
 * The set as it is after (`direction` 1) or was before (−1) a correction by `offsets` [antenna]. In the library's
 * convention a sample fringe-stopped with a wrong w has the phase −2π (w − w_wrong) ν/c too much.
 */
export function shiftSet(
  set: VisibilitySet,
  { fields }: Pick<Observation, 'fields'>,
  offsets: readonly Position[],
  direction: 1 | -1,
): VisibilitySet {
  const data = set.data.slice();
  const uvwM = set.uvwM.slice();
  const nCorrelation = set.correlations.length;
  for (let row = 0; row < set.rows; row++) {
    const first = offsets[set.antenna1[row] ?? 0] ?? [0, 0, 0];
    const second = offsets[set.antenna2[row] ?? 0] ?? [0, 0, 0];
    const change: Position = [second[0] - first[0], second[1] - first[1], second[2] - first[2]];
    const field = fields[set.field[row] ?? 0];
    if (field === undefined || (change[0] === 0 && change[1] === 0 && change[2] === 0)) continue;
    const hourAngle = siderealTimeRad((set.timeS[row] ?? 0) / 86_400) - field.raRad;
    const shift = equatorialToUvw(change, hourAngle, field.decRad);
    for (let axis = 0; axis < 3; axis++) {
      uvwM[3 * row + axis] = (uvwM[3 * row + axis] ?? 0) + direction * (shift[axis] ?? 0);
    }
    for (let channel = 0; channel < set.channels; channel++) {
      const turns = (direction * shift[2] * (set.frequencyHz[channel] ?? 0)) / SPEED_OF_LIGHT;
      const cos = Math.cos(2 * Math.PI * turns);
      const sin = Math.sin(2 * Math.PI * turns);
      for (let correlation = 0; correlation < nCorrelation; correlation++) {
        const at = 2 * ((row * set.channels + channel) * nCorrelation + correlation);
        const re = data[at] ?? 0;
        const im = data[at + 1] ?? 0;
        data[at] = re * cos - im * sin;
        data[at + 1] = re * sin + im * cos;
      }
    }
  }
  return { ...set, data, uvwM };
}
