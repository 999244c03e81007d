import { loop, task } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import { applyCalibration, clipResiduals, solveGains, summariseTable } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { shareBytes } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';
import { calibratorModel } from './calibrator-model.ts';
import { checkChange, gatherScans, solveScan } from './calibrator-tasks.ts';
import type { ScanSolve, SolveOptions } from './calibrator-tasks.ts';

/** The solver is done when a cycle changes the gains by less than this part of them. */
const TOLERANCE = 0.001;
/** Samples this many times their noise away from the model do not take part in the next cycle. */
const CLIP_SIGMA = 5;

/** Median signal-to-noise of a phase solution per scan: decides how windows are combined. */
export const measureSnr = task(
  { name: 'measure-snr', on: 'threads' },
  ({ set, file, header }: FieldWindow, { flux, referenceAntenna }: SolveOptions): number => {
    const model = calibratorModel(set, file.fieldIndex, flux);
    const options = { antennas: header.antennas.length, referenceAntenna, mode: 'phase' } as const;
    return summariseTable(solveGains([{ set, model }], { ...options, interval: 'scan' })).medianSnr;
  },
);

/** Which samples the next cycle leaves out, given a solution. In shared memory. */
const clipWindow = task(
  { name: 'update-flags', on: 'threads' },
  ({ set, file }: FieldWindow, tables: readonly CalibrationTable[], { flux }: SolveOptions): Uint8Array => {
    const calibrated = applyCalibration(set, tables, { unsolved: 'keep' });
    return shareBytes(
      clipResiduals(calibrated, calibratorModel(set, file.fieldIndex, flux), CLIP_SIGMA).flag,
    );
  },
);

/** Windows that are solved together, and what was found. */
export interface SolvedGains {
  /** One table per group of windows. */
  readonly tables: readonly TaskFuture<CalibrationTable>[];
  readonly changes: readonly number[];
  readonly reason: string;
}

/** A window and the tables that are applied to it before the solve. */
export interface GainWindow {
  readonly window: TaskFuture<FieldWindow>;
  readonly tables: readonly TaskFuture<CalibrationTable>[];
}

/**
 * Gains over time, iteratively, group by group of windows: a solution per scan (fan-out over groups and scans),
 * gathered per group; samples that do not fit it are left out (fan-out over windows); has the solution changed?
 * (fan-out over groups); and again until no group changes.
 */
export async function solveTimeGains(
  name: string,
  groups: readonly (readonly GainWindow[])[],
  scans: readonly number[],
  options: Omit<ScanSolve, 'scan'>,
  maxCycles: number,
): Promise<SolvedGains> {
  let tables: TaskFuture<CalibrationTable>[] = [];
  let flags: TaskFuture<Uint8Array>[][] | undefined;
  const changes: number[] = [];
  const { reason } = await loop(name, { max: maxCycles }, async (cycle) => {
    const before = tables;
    tables = groups.map((members, group) =>
      gatherScans(
        scans.map((scan) =>
          solveScan(
            members.map(({ window }) => window),
            members.map((member) => member.tables),
            flags?.[group] ?? [],
            { ...options, scan },
          ),
        ),
      ),
    );
    const solved = tables;
    flags = groups.map((members, group) =>
      members.map((member) =>
        clipWindow(member.window, [...member.tables, solved[group] as TaskFuture<CalibrationTable>], options),
      ),
    );
    const checks = solved.map((table, group) => checkChange(table, before[group]));
    const largest = Math.max(...(await Promise.all(checks)));
    await Promise.all(flags.flat());
    if (!Number.isFinite(largest)) return;
    changes.push(largest);
    cycle.metric('largest change', largest);
    if (largest < TOLERANCE) cycle.exit('converged');
  });
  return { tables, changes, reason };
}
