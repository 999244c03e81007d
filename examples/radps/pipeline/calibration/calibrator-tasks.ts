import { task } from 'sidereal';
import {
  applyCalibration,
  mergeTables,
  rankReferenceAntennas,
  solveGains,
  tableChange,
} from '../../science/index.ts';
import type { CalibrationTable, VisibilitySet } from '../../science/index.ts';
import { writeTable } from '../products/calibration-file.ts';
import { RETRIES } from '../retries.ts';
import type { CalibratorFlux } from '../services/query-catalogue.ts';
import type { FieldWindow } from '../visibilities.ts';
import { calibratorModel } from './calibrator-model.ts';

/** What all solves of a stage share. */
export interface SolveOptions {
  readonly flux: CalibratorFlux;
  readonly referenceAntenna: number;
}

/** The bandpass of one window as far as it is known. */
export interface BandpassModel {
  /** Delays, found in the first cycle. */
  readonly delays: CalibrationTable;
  /** Mean power one, mean phase zero. */
  readonly bandpass: CalibrationTable;
}

/** Antennas, best reference first. */
export const rankAntennas = task(
  { name: 'rank-antennas', on: 'threads' },
  ({ set, header }: FieldWindow): number[] => rankReferenceAntennas(set, header.antennas.length),
);

/** Scans of a window, in order. */
export const listScans = task({ name: 'list-scans', on: 'threads' }, ({ set }: FieldWindow): number[] =>
  [...new Set(set.scan)].toSorted((a, b) => a - b),
);

/** How one scan is solved for gains. */
export interface ScanSolve extends SolveOptions {
  readonly mode: 'phase' | 'amplitude_phase';
  /** s, or one solution for the scan. */
  readonly interval: number | 'scan';
  readonly scan: number;
}

/**
 * The direction in which one scan asks the solution to go: gains of a scan, of one window or several combined, with
 * tables (of each window, in order) applied first.
 */
export const solveScan = task(
  { name: 'solve-scan', on: 'threads', persist: true },
  (
    windows: readonly FieldWindow[],
    tables: readonly (BandpassModel | readonly CalibrationTable[])[],
    flags: readonly (Uint8Array | undefined)[],
    { flux, referenceAntenna, mode, interval, scan }: ScanSolve,
  ): CalibrationTable => {
    const inputs = windows.map(({ set, file }, index) => {
      const flag = onlyScan(set, scan, flags[index] ?? set.flag);
      const known = tables[index] ?? [];
      const applied = 'bandpass' in known ? [known.delays, known.bandpass] : known;
      const calibrated = applyCalibration(set, applied, { flag });
      return { set: calibrated, model: calibratorModel(calibrated, file.fieldIndex, flux) };
    });
    const antennas = windows[0]?.header.antennas.length ?? 0;
    const table = solveGains(inputs, { antennas, referenceAntenna, mode, interval });
    return keepScan(
      table,
      inputs.map(({ set }) => set),
      scan,
    );
  },
);

/** The flags of a set with every row of other scans flagged. */
function onlyScan(set: VisibilitySet, scan: number, flag: Uint8Array): Uint8Array {
  const perRow = set.channels * set.correlations.length;
  const chosen = flag.slice();
  for (const [row, value] of set.scan.entries()) {
    if (value !== scan) chosen.fill(1, row * perRow, (row + 1) * perRow);
  }
  return chosen;
}

/** The solutions of a table whose time lies within a scan. */
function keepScan(table: CalibrationTable, sets: readonly VisibilitySet[], scan: number): CalibrationTable {
  let from = Infinity;
  let to = -Infinity;
  for (const set of sets) {
    for (const [row, value] of set.scan.entries()) {
      if (value !== scan) continue;
      from = Math.min(from, set.timeS[row] ?? Infinity);
      to = Math.max(to, set.timeS[row] ?? -Infinity);
    }
  }
  const kept = [...table.timeS.keys()].filter(
    (index) => (table.timeS[index] ?? 0) >= from && (table.timeS[index] ?? 0) <= to,
  );
  const width = table.flag.length / Math.max(1, table.timeS.length);
  const pick = <Column extends Float64Array | Uint8Array>(
    column: Column,
    per: number,
    into: Column,
  ): Column => {
    for (const [index, solution] of kept.entries())
      into.set(column.subarray(solution * per, (solution + 1) * per), index * per);
    return into;
  };
  return {
    ...table,
    timeS: Float64Array.from(kept, (index) => table.timeS[index] ?? 0),
    value: pick(table.value, 2 * width, new Float64Array(2 * width * kept.length)),
    snr: pick(table.snr, width, new Float64Array(width * kept.length)),
    flag: pick(table.flag, width, new Uint8Array(width * kept.length)),
  };
}

/** Gathers the solutions of all scans into one table. */
export const gatherScans = task(
  { name: 'gather-scans', on: 'threads', persist: true },
  (tables: readonly CalibrationTable[]): CalibrationTable => mergeTables(tables),
);

/** How much a solution still changes; infinity for the first. */
export const checkChange = task(
  { name: 'check-converged', on: 'inline' },
  (after: CalibrationTable, before: CalibrationTable | undefined): number =>
    before === undefined ? Infinity : tableChange(after, before),
);

/** Writes a table to a stage's folder; gives its path in there. */
export const saveTable = task(
  { name: 'save-table', retries: RETRIES },
  (folder: string, name: string, table: CalibrationTable): Promise<string> => writeTable(folder, name, table),
);
