import type { RingMeasurement } from './measure-image.ts';

/** The brightest radius may scatter around a ring by this fraction of the diameter. */
const MAX_SCATTER = 0.2;
/** A crest is at least this wide, in beams. */
const MIN_WIDTH = 0.8;
/** The centre may have this fraction of the crest's brightness. */
const MAX_CENTRE = 0.6;

/**
 * Is what was measured a ring with a dark centre? It is one if around the centre the brightest radius varies by less
 * than a fifth of the diameter (two sources or a jet vary more); the centre is darker than 0.6 of the crest (a disk is
 * not); the crest is as wide as a blurred one must be (ripples are not); and it is further across than the beam (else
 * it is not resolved), and not as far as the region that flux was looked for in, whose edge it would be.
 */
export function isRing(
  { diameterRad, diameterErrorRad, apparentDiameterRad, widthRad, centralFraction }: RingMeasurement,
  { beamRad, maskDiameterRad }: Readonly<{ beamRad: number; maskDiameterRad: number }>,
): boolean {
  return (
    diameterErrorRad < MAX_SCATTER * diameterRad &&
    centralFraction < MAX_CENTRE &&
    widthRad > MIN_WIDTH * beamRad &&
    apparentDiameterRad > beamRad &&
    apparentDiameterRad < maskDiameterRad
  );
}
