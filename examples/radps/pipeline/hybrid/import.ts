import { artifact, eachSettled, flow, run, task } from 'sidereal';
import { z } from 'zod';
import type { StageOutcome } from '../../report/index.ts';
import { combineObservations, importObservation } from '../../science/index.ts';
import type { Observation } from '../../science/index.ts';
import { isTransient } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';
import { judgeStage } from './stage-outcome.ts';

export interface Imported {
  /** All files as one observation, its arrays in shared memory. */
  readonly observation: Observation;
  readonly outcome: StageOutcome;
}

/** Reads one file into shared memory; a resumed run reads it again. */
const readBand = task(
  {
    name: 'read-band',
    on: 'threads',
    retries: { limit: 3, delay: '1s', factor: 2, jitter: 0.2, retryIf: isTransient },
    timeout: '10m',
  },
  async (path: string): Promise<Observation> => shareObservation(await importObservation(path)),
);

/** Stage: reads every file, side by side, and puts their spectral windows beside each other. */
export const importBands = flow(
  { name: 'import', input: z.object({ observations: z.array(z.string()).min(1) }) },
  async ({ observations }): Promise<Imported> => {
    const startedMs = run.now();
    const read = await eachSettled(readBand.map(observations));
    const bands = read.flatMap(({ value }) => (value === undefined ? [] : [value]));
    // The first error as it is: it has its own code, and names its file.
    const [error] = read.flatMap((band) => (band.error === undefined ? [] : [band.error]));
    if (error !== undefined) throw error;
    const observation = combineObservations(bands);
    const { rows, samples, usable } = contentsOf(observation);
    const { telescope, antennas, sets } = observation;
    run.log('observation read', {
      files: observations.length,
      telescope,
      windows: sets.length,
      rows,
      samples,
    });
    await artifact.table(
      'stations',
      antennas.map(({ name, position: [xM, yM, zM] }) => ({ name, xM, yM, zM })),
    );
    const percent = samples === 0 ? 0 : (100 * usable) / samples;
    const outcome = await judgeStage(startedMs, {
      name: 'usable data',
      metric: { name: 'samples without flag', value: percent, unit: '%' },
      worst: 10,
      best: 50,
      message: `${observations.length} files, ${antennas.length} stations, ${rows} rows; ${percent.toFixed(1)} % of ${samples} samples have a weight and no flag`,
    });
    return { observation, outcome };
  },
);

function contentsOf({ sets }: Observation): { rows: number; samples: number; usable: number } {
  let rows = 0;
  let samples = 0;
  let usable = 0;
  for (const { rows: own, flag, weight } of sets) {
    rows += own;
    samples += flag.length;
    for (const [at, value] of flag.entries()) if (value === 0 && (weight[at] ?? 0) > 0) usable += 1;
  }
  return { rows, samples, usable };
}
