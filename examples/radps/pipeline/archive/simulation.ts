import { z } from 'zod';
import { fullSimulation } from '../../science/index.ts';
import type { SimulationOptions } from '../../science/index.ts';

/** What may be chosen about the simulated observation of the whole pipeline. */
export const simulationInput = z.object({
  seed: z.int(),
  /** Channels of 125 kHz in each spectral window. */
  channels: z.int().min(1),
  spectralWindows: z.int().min(1),
  /** Target fields. */
  fields: z.int().min(1),
  /** In a Y of three equal arms. */
  antennas: z.int().min(6).multipleOf(3),
  /** Visits to each target. */
  visits: z.int().min(1),
  /** Does every target have a spectral line in the last window? */
  line: z.boolean(),
  /** Do some antennas stand elsewhere than the antenna table has them? */
  positionErrors: z.boolean(),
});
export type SimulationInput = z.infer<typeof simulationInput>;

/** The observation: what the sky is, what is wrong with the instrument, what is seen when. */
export function simulationOptions(input: SimulationInput): SimulationOptions {
  return fullSimulation({
    seed: input.seed,
    antennasPerArm: input.antennas / 3,
    spectralWindows: input.spectralWindows,
    channels: input.channels,
    targets: input.fields,
    cycles: input.visits,
    line: input.line,
    positionErrors: input.positionErrors,
  });
}
