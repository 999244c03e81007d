import { z } from 'zod';
import { MICROARCSEC, startDiametersUas, vlbiImaging, defaultVlbiPreparation } from '../../science/index.ts';
import type { HybridOptions, VlbiPreparation } from '../../science/index.ts';

const { setup, cycles } = vlbiImaging;
const microarcsec = (rad: number): number => Math.round((rad / MICROARCSEC) * 1e6) / 1e6;

/** What may be chosen about hybrid mapping; the defaults suit a ring of tens of µas seen at 1.3 mm. */
export const hybridKnobs = z.object({
  /** Flux density of the compact source, Jy: an assumption, from outside. */
  compactFluxJy: z.number().positive().default(defaultVlbiPreparation.compactFluxJy),
  averageS: z.number().positive().default(defaultVlbiPreparation.averageS),
  /** Added in square to the errors, as a fraction of each amplitude. */
  systematicError: z.number().min(0).default(defaultVlbiPreparation.systematicError),
  /** Baselines shorter than this, wavelengths, are scaled to the compact flux and left out of the closure χ². */
  shortWavelengths: z.number().min(0).default(defaultVlbiPreparation.shortWavelengths),
  /** CLEAN puts flux only into a disk of this diameter. */
  maskDiameterUas: z.number().positive().default(microarcsec(vlbiImaging.maskDiameterRad)),
  /** Uniform disks that self-calibration starts from. */
  startDiametersUas: z
    .array(z.number().min(0))
    .min(1)
    .default([...startDiametersUas]),
  /** Cycles of phase self-calibration, then with constant amplitudes, then with one amplitude a scan. */
  cycles: z
    .object({ phase: z.int().min(1), amplitudeAll: z.int().min(0), amplitudeScan: z.int().min(0) })
    .default(cycles),
  /** Pixels on a side, a power of two. */
  size: z.int().default(setup.size),
  cellUas: z.number().positive().default(microarcsec(setup.cellRad)),
  /** Weighting between uniform (−2) and natural (2). */
  robust: z.number().default(setup.weighting.robust),
  /** The picture is blurred to this, and the ring measured in it. */
  beamUas: z.number().positive().default(20),
  /** Largest radius at which the ring is looked for. */
  ringSearchUas: z.number().positive().default(50),
});
export type HybridKnobs = z.infer<typeof hybridKnobs>;

/** What the flow is run on, and how. */
export const hybridInput = hybridKnobs.extend({
  /** Paths of UVFITS files or observation folders of one observation, as one of each band. */
  observations: z.array(z.string()).min(1),
  /** Folder that gets the products, or one folder a run within it. */
  out: z.string(),
  folderPerRun: z.boolean().default(false),
});

/** How visibilities are prepared. */
export function preparationOf({
  averageS,
  compactFluxJy,
  shortWavelengths,
  systematicError,
}: HybridKnobs): VlbiPreparation {
  return { averageS, compactFluxJy, shortWavelengths, systematicError };
}

/** What the steps of hybrid mapping take. Station 0 is the reference: no closure quantity or picture depends on it. */
export function hybridOptions(knobs: HybridKnobs, antennas: number, startDiameterUas: number): HybridOptions {
  return {
    ...vlbiImaging,
    antennas,
    referenceAntenna: 0,
    setup: {
      size: knobs.size,
      cellRad: knobs.cellUas * MICROARCSEC,
      weighting: { kind: 'briggs', robust: knobs.robust },
    },
    startDiameterRad: startDiameterUas * MICROARCSEC,
    compactFluxJy: knobs.compactFluxJy,
    maskDiameterRad: knobs.maskDiameterUas * MICROARCSEC,
    cycles: knobs.cycles,
    shortWavelengths: knobs.shortWavelengths,
  };
}
