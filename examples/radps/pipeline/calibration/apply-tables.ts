import { join } from 'node:path';
import { task } from 'sidereal';
import { amplitudesOf, applyCalibration, importObservation } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { readTable } from '../products/calibration-file.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';

/** A calibration table by its path; of some only the amplitudes are wanted. */
export type TableUse = string | { readonly path: string; readonly part: 'amplitude' };

/**
 * Reads the visibilities of one field and spectral window and applies calibration tables (paths, in order). The
 * result is in shared memory and not kept: a run that is resumed does it again if someone needs it.
 */
export const applyTables = task(
  { name: 'apply-tables', on: 'threads', retries: RETRIES },
  async (folder: string, file: VisibilityFile, tables: readonly TableUse[]): Promise<FieldWindow> => {
    const { sets, ...header } = await importObservation(join(folder, file.path));
    const [set] = sets;
    if (set === undefined) throw new RangeError(`${file.path} has no spectral window`);
    const read: CalibrationTable[] = [];
    for (const use of tables)
      read.push(typeof use === 'string' ? await readTable(use) : amplitudesOf(await readTable(use.path)));
    const calibrated = shareObservation({ ...header, sets: [applyCalibration(set, read)] });
    return { file, header, set: calibrated.sets[0] ?? set };
  },
);
