import { join } from 'node:path';
import { flow, run, threads } from 'sidereal';
import { z } from 'zod';
import { deconvolve } from './deconvolve.ts';
import { flag } from './flag.ts';
import { image } from './image.ts';
import { importStage } from './import.ts';
import { products } from './products.ts';
import { simulate, simulationInput } from './simulate.ts';

/** What the pipeline is run on, and how. */
const imagingInput = z.object({
  /** Path of a UVFITS file or an observation folder; none: an observation is simulated. */
  observation: z.string().optional(),
  simulation: simulationInput.default({ seed: 1, channels: 16, antennas: 27 }),
  /** Folder that gets the products, or one folder a run within it. */
  out: z.string(),
  folderPerRun: z.boolean().default(false),
  /** Pixels on a side, a power of two. */
  size: z.int().default(256),
  /** Weighting between uniform (−2) and natural (2). */
  robust: z.number().default(0.5),
  /** Most cycles, and most iterations in all, of CLEAN. */
  cycles: z.int().min(1).default(20),
  iterations: z.int().min(1).default(5000),
});

const source = z.object({
  l: z.number(),
  m: z.number(),
  raRad: z.number(),
  decRad: z.number(),
  peakJy: z.number(),
  integratedJy: z.number(),
  snr: z.number(),
});

const comparison = z.object({
  name: z.string(),
  isExtended: z.boolean(),
  trueFluxJy: z.number(),
  found: z.object({ fluxJy: z.number(), fluxRatio: z.number(), offsetBeams: z.number() }).optional(),
});

/** What the pipeline gives: where the products are, and what is in the image. */
export const imagingResult = z.object({
  out: z.string(),
  files: z.array(z.string()),
  sources: z.array(source),
  /** Empty unless the sky is known. */
  comparison: z.array(comparison),
  image: z.object({
    size: z.number(),
    cellRad: z.number(),
    frequencyHz: z.number(),
    beam: z.object({ majorRad: z.number(), minorRad: z.number(), positionAngleRad: z.number() }),
    noiseJy: z.number(),
    snr: z.number(),
  }),
});
export type ImagingResult = z.infer<typeof imagingResult>;

/**
 * From an observation to an image: import, flag, grid and transform each channel on threads, combine,
 * deconvolve, write products.
 *
 * Visibilities and flags are read by every channel's task; they lie in shared memory and are passed on as
 * futures, so that no stage waits for, copies or hashes what it only hands on.
 */
export const imageObservation = flow(
  { name: 'image-observation', version: '1', input: imagingInput, runner: threads() },
  async (input): Promise<ImagingResult> => {
    const { size, robust, cycles, iterations } = input;
    const isSimulated = input.observation === undefined;
    const out = input.folderPerRun ? join(input.out, run.id) : input.out;
    const path = input.observation ?? simulate({ simulation: input.simulation, out });

    const observation = importStage({ path });
    const flags = flag({ observation });
    const field = image({ observation, flags, size, robust });
    const solved = deconvolve({ observation, flags, field, cycles, iterations });
    const made = products({
      observation,
      flags,
      field,
      solved,
      simulation: isSimulated ? input.simulation : undefined,
      out,
      parameters: [
        ['observation', input.observation ?? `simulated, seed ${input.simulation.seed}`],
        ['image size', `${size} pixels`],
        ['weighting', `Briggs, robust ${robust}`],
        ['CLEAN', `at most ${cycles} cycles and ${iterations} iterations`],
      ],
    });

    // Everything is under way. Awaited in this order, what the flow fails with is what went wrong first.
    await path;
    await observation;
    await flags;
    await field;
    const { cleaned, sources } = await solved;
    const { files, comparison: compared } = await made;
    return {
      out,
      files,
      sources: [...sources],
      comparison: compared,
      image: {
        size,
        cellRad: cleaned.cellRad,
        frequencyHz: cleaned.frequencyHz,
        beam: cleaned.beam,
        noiseJy: cleaned.noiseJy,
        snr: cleaned.snr,
      },
    };
  },
);
