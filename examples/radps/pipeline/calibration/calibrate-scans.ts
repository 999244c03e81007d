import { join } from 'node:path';
import { task } from 'sidereal';
import { applyCalibration, importObservation, unitTable } from '../../science/index.ts';
import type { CalibrationTable, VisibilitySet } from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';
import { readTable, writeTable } from '../products/calibration-file.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';
import { writeVisibilities } from '../visibilities.ts';

/** Applies calibration tables to one scan. The result is in shared memory and not kept. */
export const calibrateScan = task(
  { name: 'calibrate-scan', on: 'threads' },
  async (window: FieldWindow, scan: number, tables: readonly string[]): Promise<FieldWindow> => {
    const { set, header, file } = window;
    const rows = Int32Array.from(set.scan.keys()).filter((row) => set.scan[row] === scan);
    const read: CalibrationTable[] = [];
    for (const path of tables) read.push(await readTable(path));
    const calibrated = applyCalibration(selectRows(set, rows), read);
    const shared = shareObservation({ ...header, sets: [calibrated] });
    return { file, header, set: shared.sets[0] ?? calibrated };
  },
);

/** Puts calibrated scans together and writes them to the stage's folder. */
export const writeCalibrated = task(
  { name: 'write-calibrated', on: 'threads', retries: RETRIES },
  async (folder: string, scans: readonly FieldWindow[]): Promise<VisibilityFile> => {
    const [first] = scans;
    if (first === undefined) throw new RangeError('there is no scan to write');
    const { fieldIndex, spw } = first.file;
    return writeVisibilities(folder, first.header, {
      fieldIndex,
      spw,
      set: joinSets(scans.map(({ set }) => set)),
    });
  },
);

/** Rows of several sets of the same channels, one after the other. */
function joinSets(sets: readonly VisibilitySet[]): VisibilitySet {
  const [first] = sets;
  if (first === undefined) throw new RangeError('there is nothing to join');
  if (sets.length === 1) return first;
  const rows = sets.reduce((sum, set) => sum + set.rows, 0);
  const samples = rows * first.channels * first.correlations.length;
  const joined: VisibilitySet = {
    ...first,
    rows,
    timeS: new Float64Array(rows),
    intervalS: new Float64Array(rows),
    antenna1: new Int32Array(rows),
    antenna2: new Int32Array(rows),
    field: new Int32Array(rows),
    scan: new Int32Array(rows),
    uvwM: new Float64Array(3 * rows),
    data: new Float32Array(2 * samples),
    weight: new Float32Array(samples),
    flag: new Uint8Array(samples),
  };
  let row = 0;
  for (const set of sets) {
    const sample = row * first.channels * first.correlations.length;
    joined.timeS.set(set.timeS, row);
    joined.intervalS.set(set.intervalS, row);
    joined.antenna1.set(set.antenna1, row);
    joined.antenna2.set(set.antenna2, row);
    joined.field.set(set.field, row);
    joined.scan.set(set.scan, row);
    joined.uvwM.set(set.uvwM, 3 * row);
    joined.data.set(set.data, 2 * sample);
    joined.weight.set(set.weight, sample);
    joined.flag.set(set.flag, sample);
    row += set.rows;
  }
  return joined;
}

/** A table of ones in place of one that is missing, so that the pipeline can go on. Gives its path. */
export const makeFallback = task(
  { name: 'make-fallback', retries: RETRIES },
  async (folder: string, kind: 'bandpass' | 'gain', file: string): Promise<string> => {
    const { sets, antennas } = await importObservation(file);
    const [set] = sets;
    const table = unitTable(kind, {
      antennas: antennas.length,
      feeds: ['X', 'Y'],
      timeS: Float64Array.of(set?.timeS[0] ?? 0),
      frequencyHz: Float64Array.of(set?.frequencyHz[0] ?? 0),
      referenceAntenna: 0,
    });
    return join(folder, await writeTable(folder, `fallback.${kind}.json`, table));
  },
);
