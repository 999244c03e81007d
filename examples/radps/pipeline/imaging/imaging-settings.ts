import { z } from 'zod';
import { ARCSEC } from '../../science/index.ts';
import { mockFailures } from '../failures/mock-failure.ts';

/** How images and cubes are made: the settings that the four imaging stages share. */
export const imagingSettings = z.object({
  /** Products folder. */
  out: z.string(),
  /** Pixels on a side, a power of two. */
  size: z.int().default(128),
  /** Side of a pixel; smaller pixels are taken where these are too large for the beam. */
  cellArcsec: z.number().positive().default(4),
  /** Weighting between uniform (−2) and natural (2). */
  robust: z.number().default(0.5),
  /** Most major cycles, and most iterations in all, of CLEAN. */
  cycles: z.int().min(1).default(10),
  iterations: z.int().min(1).default(4000),
  /** Parts that the scans of a spectral window are imaged in, to be gathered: the width of the solver's fan-out. */
  combine: z.int().min(1).default(2),
  /** Self-calibrate where the image stands this many times above its noise, for at most so many cycles. */
  selfCal: z.boolean().default(true),
  selfCalSnr: z.number().nonnegative().default(20),
  selfCalCycles: z.int().min(1).default(3),
  /** A spectral window whose cube is made to fail; and whether the others go on. */
  failSpw: z.int().nonnegative().optional(),
  onSpwFailure: z.enum(['abort', 'continue']).default('abort'),
  failures: mockFailures.default({ stages: [], rate: 0, seed: 1 }),
});
export type ImagingSettings = z.infer<typeof imagingSettings>;

/** What decides how an image comes out, in the words of a stage's `parameters`. */
export function imagingParameters(settings: ImagingSettings): Record<string, string | number | boolean> {
  const { size, cellArcsec, robust, cycles, iterations, combine } = settings;
  return { size, cellArcsec, robust, cycles, iterations, combine };
}

/** The same for the HISTORY of a FITS file. */
export function imagingHistory({ robust, cycles, iterations, combine }: ImagingSettings): string[] {
  return [
    `weighting: Briggs, robust ${robust}`,
    `CLEAN: at most ${cycles} major cycles and ${iterations} iterations`,
    `scans gathered from ${combine} part${combine === 1 ? '' : 's'}`,
  ];
}

/** Side of a pixel as asked for, rad. */
export function askedCellRad({ cellArcsec }: Pick<ImagingSettings, 'cellArcsec'>): number {
  return cellArcsec * ARCSEC;
}
