import { task } from 'sidereal';
import { normaliseGainAmplitude, predictModel, solveGains } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';
import { shareDoubles } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';
import type { ContinuumImage } from './continuum-clean.ts';
import { windowAt } from './continuum-window.ts';
import { rowsOfScans } from './scan-part.ts';
import type { SelfCalStep } from './self-cal-step.ts';

/** What solving for the gains of a field needs to know of its windows. */
export interface GainPlan {
  readonly scans: readonly number[];
  readonly antennas: number;
  /** The antenna that has the most weight. */
  readonly referenceAntenna: number;
}

export const planGains = task(
  { name: 'plan-gains', on: 'threads' },
  (windows: readonly FieldWindow[]): GainPlan => {
    const scans = new Set<number>();
    const antennas = windowAt(windows, 0).header.antennas.length;
    const weight = new Float64Array(antennas);
    for (const { set } of windows) {
      const perRow = set.channels * set.correlations.length;
      for (let row = 0; row < set.rows; row++) {
        scans.add(set.scan[row] ?? 0);
        let sum = 0;
        for (let at = row * perRow; at < (row + 1) * perRow; at++)
          if (set.flag[at] === 0) sum += set.weight[at] ?? 0;
        for (const antenna of [set.antenna1[row] ?? 0, set.antenna2[row] ?? 0])
          weight[antenna] = (weight[antenna] ?? 0) + sum;
      }
    }
    const referenceAntenna = weight.indexOf(weight.reduce((most, value) => Math.max(most, value), 0));
    return { scans: [...scans].toSorted((a, b) => a - b), antennas, referenceAntenna };
  },
);

/** "Predict": the visibilities of the model of an image in one window, [row, channel, 2] Jy, in shared memory. */
export const saveModel = task(
  { name: 'save-model', on: 'threads' },
  (windows: readonly FieldWindow[], index: number, { model, setup }: ContinuumImage): Float64Array => {
    const { file, set } = windowAt(windows, index);
    return shareDoubles(predictModel(model, set, setup, file.fieldIndex));
  },
);

/** Solves for the gains of one scan, all spectral windows combined. Kept: a resumed run does not solve again. */
export const solveScan = task(
  { name: 'solve-gains', on: 'threads', persist: true },
  (
    windows: readonly FieldWindow[],
    models: readonly Float64Array[],
    scan: number,
    { mode, interval }: SelfCalStep,
    { antennas, referenceAntenna }: GainPlan,
  ): CalibrationTable => {
    const inputs = windows.map(({ set }, index) => {
      const rows = rowsOfScans(set, [scan]);
      const perRow = 2 * set.channels;
      const model = new Float64Array(perRow * rows.length);
      for (const [at, row] of rows.entries())
        model.set(models[index]?.subarray(perRow * row, perRow * (row + 1)) ?? [], perRow * at);
      return { set: selectRows(set, rows), model };
    });
    const combineFeeds = mode === 'phase';
    return solveGains(inputs, { antennas, referenceAntenna, mode, interval, combineFeeds });
  },
);

/** The tables of the scans, in their order, as one; amplitudes keep the flux scale. */
export const joinTables = task(
  { name: 'join-tables', on: 'threads', persist: true },
  (tables: readonly CalibrationTable[], { mode }: SelfCalStep): CalibrationTable => {
    const [first] = tables;
    if (first === undefined) throw new RangeError('there is no scan to solve for');
    const joined: CalibrationTable = {
      ...first,
      timeS: Float64Array.from(tables.flatMap(({ timeS }) => [...timeS])),
      value: Float64Array.from(tables.flatMap(({ value }) => [...value])),
      snr: Float64Array.from(tables.flatMap(({ snr }) => [...snr])),
      flag: Uint8Array.from(tables.flatMap(({ flag }) => [...flag])),
    };
    return mode === 'phase' ? joined : normaliseGainAmplitude(joined);
  },
);
