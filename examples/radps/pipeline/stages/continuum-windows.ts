import { run } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import { joinWindows, readContinuum } from '../imaging/continuum-window.ts';
import type { StageOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import type { StageProducts } from '../products/stage-products.ts';
import type { FieldWindow } from '../visibilities.ts';

type Range = StageOutputs['calibrate-target']['continuum'][number]['ranges'][number];

/** A calibrated window and its line-free channels. */
export interface ContinuumWindow {
  readonly file: VisibilityFile;
  readonly ranges: readonly Range[];
}

/** The windows of the targets that have line-free channels; the others cannot be in a continuum image, and are told of. */
export function continuumWindows({ outputs }: StageProducts<'calibrate-target'>): ContinuumWindow[] {
  const windows = outputs.visibilities.map((file): ContinuumWindow => {
    const found = outputs.continuum.find((one) => one.fieldIndex === file.fieldIndex && one.spw === file.spw);
    return { file, ranges: found?.ranges ?? [] };
  });
  for (const { file, ranges } of windows) {
    const { field, spw } = file;
    if (ranges.length === 0) run.log.warn('no continuum', { field, spw, why: 'no channel is free of lines' });
  }
  return windows.filter(({ ranges }) => ranges.length > 0);
}

/** The continuum of windows, to be imaged; with `gains`, paths of tables for each, these are applied. */
export function openContinuum(
  folder: string,
  windows: readonly ContinuumWindow[],
  size: number,
  gains: readonly (readonly string[])[] = [],
): TaskFuture<readonly FieldWindow[]> {
  return joinWindows(
    ...windows.map(({ file, ranges }, index) =>
      readContinuum(folder, file, ranges, size, gains[index] ?? []),
    ),
  );
}
