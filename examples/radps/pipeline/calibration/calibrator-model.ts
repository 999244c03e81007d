import { predictSky, skyComponent } from '../../science/index.ts';
import type { VisibilitySet } from '../../science/index.ts';
import type { CalibratorFlux } from '../services/query-catalogue.ts';

/** Model visibilities, [row, channel, 2] Jy, of a calibrator: a point at the phase centre. */
export function calibratorModel(
  set: VisibilitySet,
  fieldIndex: number,
  { fluxJy, spectralIndex }: CalibratorFlux,
): Float64Array {
  return predictSky(set, [skyComponent('calibrator', 0, 0, fluxJy, { spectralIndex })], fieldIndex);
}
