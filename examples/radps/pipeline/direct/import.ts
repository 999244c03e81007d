import { artifact, flow, run, task } from 'sidereal';
import { z } from 'zod';
import { importObservation } from '../../science/index.ts';
import type { Observation } from '../../science/index.ts';
import { judge } from '../quality.ts';
import { isTransient } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';

/**
 * Reads an observation into shared memory. The value is not kept in the store, which would be a second copy of
 * the file: a run that is resumed reads the file again.
 */
const readObservation = task(
  {
    name: 'read-observation',
    on: 'threads',
    retries: { limit: 3, delay: '1s', factor: 2, jitter: 0.2, retryIf: isTransient },
    timeout: '10m',
  },
  async (path: string): Promise<Observation> => {
    const observation = await importObservation(path);
    run.log('observation read', { path, ...contentsOf(observation) });
    return shareObservation(observation);
  },
);

/** Stage: reads an observation folder or a UVFITS file, and judges what has come. */
export const importStage = flow(
  { name: 'import', input: z.object({ path: z.string() }) },
  async ({ path }): Promise<Observation> => {
    const observation = await readObservation(path);
    const { samples, usable } = contentsOf(observation);
    await artifact.table(
      'antennas',
      observation.antennas.map(({ name, position }) => ({
        name,
        xM: position[0],
        yM: position[1],
        zM: position[2],
      })),
    );
    const percent = samples === 0 ? 0 : (100 * usable) / samples;
    await judge({
      name: 'usable data',
      metric: { name: 'samples without flag', value: percent, unit: '%' },
      worst: 10,
      best: 50,
      message: `${percent.toFixed(1)} % of ${samples} samples have a weight and no flag`,
    });
    return observation;
  },
);

interface Contents {
  readonly antennas: number;
  readonly spectralWindows: number;
  readonly rows: number;
  readonly samples: number;
  /** Samples that have a weight and no flag. */
  readonly usable: number;
}

function contentsOf({ antennas, sets }: Observation): Contents {
  let rows = 0;
  let samples = 0;
  let usable = 0;
  for (const set of sets) {
    rows += set.rows;
    samples += set.flag.length;
    for (let at = 0; at < set.flag.length; at += 1) {
      if (set.flag[at] === 0 && (set.weight[at] ?? 0) > 0) usable += 1;
    }
  }
  return { antennas: antennas.length, spectralWindows: sets.length, rows, samples, usable };
}
