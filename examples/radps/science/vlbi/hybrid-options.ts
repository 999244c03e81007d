import type { ImagingSetup } from '../imaging/imaging-setup.ts';
import { ARCSEC } from '../numeric/constants.ts';

/** What hybrid mapping needs to know. {@link vlbiImaging} has values that suit an image of tens of µas. */
export interface HybridOptions {
  readonly antennas: number;
  readonly referenceAntenna: number;
  readonly setup: ImagingSetup;
  /** The first model: a uniform disk of this diameter, rad, of the compact flux. */
  readonly startDiameterRad: number;
  readonly compactFluxJy: number;
  /** CLEAN puts components only into a disk of this diameter, rad, about the centre. */
  readonly maskDiameterRad: number;
  readonly gain: number;
  /** Iterations of the first CLEAN; each later one is deeper by as many. */
  readonly iterationsPerCycle: number;
  /** Cycles of phase self-calibration, then with amplitudes constant over all the time, then per scan. */
  readonly cycles: Readonly<{ phase: number; amplitudeAll: number; amplitudeScan: number }>;
  /** Imaging weights are 1/σ to twice this power: ½ tempers a station that is far more sensitive than the others. */
  readonly weightPower: number;
  /** Baselines shorter than this, wavelengths, are left out of the closure χ². */
  readonly shortWavelengths: number;
}

/** What a cycle of hybrid mapping calibrates. */
export type HybridKind = 'phase' | 'amplitude_all' | 'amplitude_scan';

/** A microarcsecond, rad. */
export const MICROARCSEC = 1e-6 * ARCSEC;

/**
 * Settings for a ring of tens of microarcseconds seen at 1.3 mm: pixels of 2 µas, nearly natural weights (robust 1;
 * finer weightings lose the flux between the few long baselines and the zero spacing, and phases run away), a mask
 * of 80 µas and deepening CLEANs.
 */
export const vlbiImaging = {
  setup: { size: 128, cellRad: 2 * MICROARCSEC, weighting: { kind: 'briggs', robust: 1 } },
  compactFluxJy: 0.6,
  maskDiameterRad: 80 * MICROARCSEC,
  gain: 0.05,
  iterationsPerCycle: 100,
  cycles: { phase: 8, amplitudeAll: 3, amplitudeScan: 5 },
  weightPower: 0.5,
  shortWavelengths: 1e8,
} as const satisfies Partial<HybridOptions>;

/** Start diameters to try, µas. A disk has the right signs of phase when its first null lies near the data's. */
export const startDiametersUas: readonly number[] = [0, 30, 45, 50, 55, 60, 65, 70];

/** What each cycle calibrates, in order. */
export function hybridPlan({ cycles }: Pick<HybridOptions, 'cycles'>): HybridKind[] {
  return [
    ...Array.from({ length: cycles.phase }, () => 'phase' as const),
    ...Array.from({ length: cycles.amplitudeAll }, () => 'amplitude_all' as const),
    ...Array.from({ length: cycles.amplitudeScan }, () => 'amplitude_scan' as const),
  ];
}
