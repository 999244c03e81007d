import { DEGREE, MICROARCSEC } from '../../science/index.ts';
import type { RingFit, RingMeasurement } from '../../science/index.ts';
import type { MeasuredRing, RingResult, StartResult } from './hybrid-result.ts';
import type { HybridStart } from './start.ts';

/** An angle in degrees, 0 … 360. */
export function positiveDegrees(rad: number): number {
  return (((rad / DEGREE) % 360) + 360) % 360;
}

function measuredRing(ring: RingMeasurement): MeasuredRing {
  return {
    diameterUas: ring.diameterRad / MICROARCSEC,
    errorUas: ring.diameterErrorRad / MICROARCSEC,
    widthUas: ring.widthRad / MICROARCSEC,
    brightAngleDeg: positiveDegrees(ring.brightAngleRad),
    centralFraction: ring.centralFraction,
  };
}

/** What was measured in the image, with what was fitted to the closure quantities. */
export function ringResult(ring: RingMeasurement, fit: RingFit): RingResult {
  return {
    ...measuredRing(ring),
    fittedDiameterUas: fit.diameterRad / MICROARCSEC,
    fittedErrorUas: fit.diameterErrorRad / MICROARCSEC,
    fittedWidthUas: fit.widthRad / MICROARCSEC,
    fittedBrightAngleDeg: positiveDegrees(fit.brightAngleRad),
    fittedClosure: fit.reducedChiSquare,
  };
}

/** Every start, and what came of it. */
export function startResults(starts: readonly HybridStart[], chosen: number): StartResult[] {
  return starts.map(({ startDiameterUas, cycles, measured, isRing }, index) => ({
    startDiameterUas,
    chosen: index === chosen,
    closure: cycles.at(-1)?.closure.full ?? 0,
    modelFluxJy: cycles.at(-1)?.modelFluxJy ?? 0,
    isRing,
    measured: measuredRing(measured),
  }));
}
