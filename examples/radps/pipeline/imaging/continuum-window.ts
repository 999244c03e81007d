import { join } from 'node:path';
import { run, task } from 'sidereal';
import {
  applyCalibration,
  averageChannels,
  importObservation,
  smearingWidthHz,
} from '../../science/index.ts';
import type { CalibrationTable, ChannelRange } from '../../science/index.ts';
import { readTable } from '../products/calibration-file.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';

/**
 * The continuum of one field in one spectral window, in shared memory: its line-free channels (none given: all),
 * averaged as far as an image of `size` pixels allows. A tenth or a hundredth of the visibilities, so that all
 * windows of all fields may be in memory at once. Not kept: a run that is resumed does it again if someone needs it.
 */
export const averageContinuum = task(
  { name: 'average-continuum', on: 'threads' },
  (window: FieldWindow, ranges: readonly ChannelRange[] | undefined, size: number): FieldWindow =>
    shareWindow(averageWindow(window, ranges, size)),
);

/** The same of visibilities on disk, which are in memory meanwhile and no longer; with gains taken off, from files. */
export const readContinuum = task(
  { name: 'read-continuum', on: 'threads', retries: RETRIES },
  async (
    folder: string,
    file: VisibilityFile,
    ranges: readonly ChannelRange[],
    size: number,
    gains: readonly string[],
  ): Promise<FieldWindow> => {
    const { sets, ...header } = await importObservation(join(folder, file.path));
    const [set] = sets;
    if (set === undefined) throw new RangeError(`${file.path} has no spectral window`);
    const averaged = averageWindow({ file, header, set }, ranges, size);
    const tables: CalibrationTable[] = [];
    for (const path of gains) tables.push(await readTable(path));
    return shareWindow({ ...averaged, set: applyCalibration(averaged.set, tables) });
  },
);

function averageWindow(
  { file, header, set }: FieldWindow,
  ranges: readonly ChannelRange[] | undefined,
  size: number,
): FieldWindow {
  const all = [{ from: 0, to: set.channels - 1 }];
  const widthHz = smearingWidthHz(Math.min(...set.frequencyHz), size);
  const averaged = averageChannels(set, ranges ?? all, widthHz);
  run.log('averaged', { field: file.field, spw: file.spw, from: set.channels, to: averaged.channels });
  const [window] = header.spectralWindows;
  const { frequencyHz } = averaged;
  const channelWidthHz = ((window?.channelWidthHz ?? 0) * set.channels) / averaged.channels;
  const spectralWindows = [{ name: window?.name ?? '', frequencyHz, channelWidthHz }];
  return { file, header: { ...header, spectralWindows }, set: averaged };
}

/** The same window in shared memory. */
export function shareWindow({ file, header, set }: FieldWindow): FieldWindow {
  const { sets, ...rest } = shareObservation({ ...header, sets: [set] });
  return { file, header: rest, set: sets[0] ?? set };
}

/** The windows of one or more images as one value, which all tasks read; shared memory, so nothing is copied. */
export const joinWindows = task(
  { name: 'join-windows', on: 'inline' },
  (...windows: FieldWindow[]): readonly FieldWindow[] => windows,
);

/** One window of several. Throws `RangeError`. */
export function windowAt(windows: readonly FieldWindow[], index: number): FieldWindow {
  const window = windows[index];
  if (window === undefined) throw new RangeError(`there is no window ${index} of ${windows.length}`);
  return window;
}
