import { join } from 'node:path';
import { artifact, flow, run, task } from 'sidereal';
import { z } from 'zod';
import {
  defaultSimulation,
  fluxAt,
  simulateObservation,
  writeObservation,
  yLayout,
} from '../../science/index.ts';
import type { SimulationOptions, SkyComponent } from '../../science/index.ts';

/** What may be chosen about a simulated observation. */
export const simulationInput = z.object({
  seed: z.int(),
  channels: z.int().min(1),
  /** In a Y of three equal arms. */
  antennas: z.int().min(6).multipleOf(3),
});
export type SimulationInput = z.infer<typeof simulationInput>;

/** Length of the longest arm, metres. */
const ARM_LENGTH_M = 1600;

function simulationOptions({ seed, channels, antennas }: SimulationInput): SimulationOptions {
  const layout = yLayout({ antennasPerArm: antennas / 3, armLengthM: ARM_LENGTH_M });
  return { ...defaultSimulation({ seed, channels }), layout };
}

/** The sky that a simulated observation is of. */
export function simulatedSky(input: SimulationInput): readonly SkyComponent[] {
  return simulationOptions(input).fields[0]?.sky ?? [];
}

/** Simulates an observation and writes it to disk; the same again if it is run again. */
const writeSimulation = task(
  { name: 'write-simulation', on: 'threads' },
  async (input: SimulationInput, folder: string): Promise<string> => {
    const { observation } = simulateObservation(simulationOptions(input));
    await writeObservation(folder, observation, { overwrite: true });
    run.log('simulated observation written', {
      folder,
      antennas: observation.antennas.length,
      visibilities: observation.sets.reduce((sum, { rows, channels }) => sum + rows * channels, 0),
    });
    return folder;
  },
);

/** Stage: makes the observation that is to be imaged, where there is no real one. Gives its folder. */
export const simulate = flow(
  { name: 'simulate', input: z.object({ simulation: simulationInput, out: z.string() }) },
  async ({ simulation, out }) => {
    const folder = await writeSimulation(simulation, join(out, 'observation'));
    await artifact.table(
      'simulated sky',
      simulatedSky(simulation).map((component) => ({
        name: component.name,
        fluxJy: fluxAt(component, component.referenceHz),
        spectralIndex: component.spectralIndex,
      })),
    );
    return folder;
  },
);
