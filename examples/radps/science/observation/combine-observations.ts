import { requireParameter } from '../science-error.ts';
import type { Observation } from './observation.ts';

/**
 * Observations of the same source with the same array as one: their spectral windows side by side, as from files
 * of one band each. Throws `BAD_PARAMETER` when antennas, fields or correlations differ.
 */
export function combineObservations(observations: readonly Observation[]): Observation {
  const [first] = observations;
  requireParameter(first !== undefined, 'there is no observation to combine', 'Give at least one.');
  const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
  for (const other of observations) {
    for (const [what, mine, theirs] of [
      ['antennas', names(first.antennas), names(other.antennas)],
      ['fields', names(first.fields), names(other.fields)],
      ['correlations', first.correlations.join(', '), other.correlations.join(', ')],
    ] as const) {
      requireParameter(
        mine === theirs,
        `the ${what} of ${first.origin} and ${other.origin} differ: ${mine}; ${theirs}`,
        'Combine only files of one observation.',
      );
    }
  }
  return {
    ...first,
    origin: observations.map(({ origin }) => origin).join('; '),
    spectralWindows: observations.flatMap(({ spectralWindows }) => spectralWindows),
    sets: observations.flatMap(({ sets }) => sets),
  };
}
