import { ARCSEC } from '../numeric/constants.ts';
import type { HybridOptions } from './hybrid-options.ts';
import type { VlbiPreparation } from './prepare.ts';

/**
 * What helps hybrid mapping along, in words for a report: everything that is put in from outside, so that a reader
 * can judge how much of a picture comes from the data.
 */
export function describeAssumptions(
  preparation: VlbiPreparation,
  options: Pick<HybridOptions, 'maskDiameterRad' | 'weightPower' | 'setup'>,
  startDiametersRad: readonly number[],
): string {
  const microarcsec = (rad: number): string => `${Math.round((rad / ARCSEC) * 1e6)} µas`;
  const { weighting } = options.setup;
  const weights =
    weighting.kind === 'briggs'
      ? `Briggs weights of robust ${weighting.robust}`
      : `${weighting.kind} weights`;
  return [
    `Put in from outside: the compact source has ${preparation.compactFluxJy} Jy, and baselines shorter than ${preparation.shortWavelengths / 1e9} Gλ, which also see extended emission, are scaled to it.`,
    `All flux lies within ${microarcsec(options.maskDiameterRad)}, the mask of CLEAN.`,
    `Self-calibration starts from a uniform disk; diameters of ${startDiametersRad.map(microarcsec).join(', ')} were tried, and the one was kept whose final image agrees best with the closure phases and closure amplitudes of the data before self-calibration, which no station's gain can change.`,
    `Errors have ${100 * preparation.systematicError} % of each amplitude added; averages are over ${preparation.averageS} s; imaging uses ${weights}, tempered by the power ${options.weightPower}.`,
    'The absolute position is lost, as always in self-calibration by phase.',
  ].join(' ');
}
