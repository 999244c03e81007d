import { task } from 'sidereal';
import { applyCalibration } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { shareWindow, windowAt } from './continuum-window.ts';

/** "Apply": one window with gains taken off, table by table, in shared memory. Not kept: it is quickly done again. */
export const applyGains = task(
  { name: 'apply-gains', on: 'threads' },
  (windows: readonly FieldWindow[], index: number, tables: readonly CalibrationTable[]): FieldWindow => {
    const window = windowAt(windows, index);
    return shareWindow({ ...window, set: applyCalibration(window.set, tables) });
  },
);
