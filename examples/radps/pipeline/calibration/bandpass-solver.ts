import { loop, task } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import {
  applyCalibration,
  normaliseBandpass,
  solveDelays,
  solvePerChannel,
  tableChange,
} from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { calibratorModel } from './calibrator-model.ts';
import { gatherScans, solveScan } from './calibrator-tasks.ts';
import type { BandpassModel, SolveOptions } from './calibrator-tasks.ts';

/** Phases are taken out at this interval, s, before channels are solved for. */
const PHASE_INTERVAL_S = 30;
/** The solver is done when a cycle changes the bandpass by less than this part of it. */
const TOLERANCE = 0.002;

/** Solves channel by channel with the phases over time taken out; in the first cycle for the delays before that. */
const updateBandpass = task(
  { name: 'update-bandpass', on: 'threads', persist: true },
  (
    { set, file, header }: FieldWindow,
    phases: CalibrationTable,
    before: BandpassModel | undefined,
    { flux, referenceAntenna }: SolveOptions,
  ): BandpassModel => {
    const model = calibratorModel(set, file.fieldIndex, flux);
    const options = { antennas: header.antennas.length, referenceAntenna, mode: 'amplitude_phase' } as const;
    const steady = applyCalibration(set, [phases]);
    const delays = before?.delays ?? solveDelays(solvePerChannel({ set: steady, model }, options)).table;
    const straight = applyCalibration(steady, [delays]);
    return { delays, bandpass: normaliseBandpass(solvePerChannel({ set: straight, model }, options)) };
  },
);

const checkBandpass = task(
  { name: 'check-converged', on: 'inline' },
  (after: BandpassModel, before: BandpassModel | undefined): number =>
    before === undefined ? Infinity : tableChange(after.bandpass, before.bandpass),
);

/** What the solver came to, window by window. */
export interface SolvedBandpass {
  readonly models: readonly TaskFuture<BandpassModel>[];
  readonly phases: readonly TaskFuture<CalibrationTable>[];
  /** Largest change in each cycle but the first. */
  readonly changes: readonly number[];
  readonly reason: string;
}

/**
 * The bandpass, iteratively: phases over time scan by scan (fan-out), gathered per window; delays and bandpass of each
 * window (fan-out); has it changed? (fan-out); and again with the bandpass taken out before the phases are solved,
 * until no window changes.
 */
export async function solveBandpass(
  windows: readonly TaskFuture<FieldWindow>[],
  scans: readonly number[],
  options: SolveOptions,
  maxCycles: number,
): Promise<SolvedBandpass> {
  let models: TaskFuture<BandpassModel>[] | undefined;
  let phases: TaskFuture<CalibrationTable>[] = [];
  const changes: number[] = [];
  const { reason } = await loop('bandpass-solver', { max: maxCycles }, async (cycle) => {
    const known = models;
    phases = windows.map((window, index) => {
      const model = known?.[index];
      const tables = model === undefined ? [] : [model];
      return gatherScans(
        scans.map((scan) =>
          solveScan([window], tables, [], { ...options, mode: 'phase', interval: PHASE_INTERVAL_S, scan }),
        ),
      );
    });
    models = windows.map((window, index) =>
      updateBandpass(window, phases[index] as TaskFuture<CalibrationTable>, known?.[index], options),
    );
    const checks = models.map((model, index) => checkBandpass(model, known?.[index]));
    const largest = Math.max(...(await Promise.all(checks)));
    if (!Number.isFinite(largest)) return;
    changes.push(largest);
    cycle.metric('largest change', largest);
    if (largest < TOLERANCE) cycle.exit('converged');
  });
  return { models: models ?? [], phases, changes, reason };
}
