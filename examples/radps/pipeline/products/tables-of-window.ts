import { join } from 'node:path';
import type { TableUse } from '../calibration/apply-tables.ts';
import type { StageProducts } from './stage-products.ts';

/** Paths of the calibration tables of a spectral window, in the order in which they are applied. */
export function tablesOfWindow(
  spw: number,
  stages: Readonly<{
    bandpass?: StageProducts<'bandpass'> | undefined;
    timeGain?: StageProducts<'time-gain'> | undefined;
  }>,
): string[] {
  const { bandpass, timeGain } = stages;
  const pick = (folder: string, tables: readonly { spw: number; path: string }[]): string[] =>
    tables.filter((table) => table.spw === spw).map(({ path }) => join(folder, path));
  return [
    ...(bandpass === undefined ? [] : pick(bandpass.folder, bandpass.outputs.delays)),
    ...(bandpass === undefined ? [] : pick(bandpass.folder, bandpass.outputs.bandpass)),
    ...(timeGain === undefined ? [] : pick(timeGain.folder, timeGain.outputs.phases)),
    ...(timeGain === undefined ? [] : pick(timeGain.folder, timeGain.outputs.gains)),
  ];
}

/**
 * The same for the bandpass calibrator itself: it was not visited in turn with the gain calibrator, so its phases are
 * those that were solved on it, and only the amplitudes of the gains are taken over.
 */
export function tablesOfBandpassCalibrator(
  spw: number,
  {
    bandpass,
    timeGain,
  }: Readonly<{ bandpass: StageProducts<'bandpass'>; timeGain: StageProducts<'time-gain'> }>,
): TableUse[] {
  const phases = bandpass.outputs.phases.filter((table) => table.spw === spw);
  const gains = timeGain.outputs.gains.filter((table) => table.spw === spw);
  return [
    ...tablesOfWindow(spw, { bandpass }),
    ...phases.map(({ path }) => join(bandpass.folder, path)),
    ...gains.map(({ path }) => ({ path: join(timeGain.folder, path), part: 'amplitude' as const })),
  ];
}
