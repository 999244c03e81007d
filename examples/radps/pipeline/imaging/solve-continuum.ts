import { loop, reduce, run } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import type { DirtyImage, ImagingSetup, WeightDensity } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { checkConvergence, normalise, restoreImage, updateModel } from './continuum-clean.ts';
import type { ContinuumCheck, ContinuumImage, ContinuumModel } from './continuum-clean.ts';
import { addWeights, planImage, weighPart } from './image-plan.ts';
import type { ImagingSettings } from './imaging-settings.ts';
import { scanParts } from './scan-part.ts';
import type { ScanPart } from './scan-part.ts';
import { ARITY, gather, updateDirection } from './update-direction.ts';

/** A continuum image to be made: which of some windows it is made of. */
export interface ContinuumJob {
  readonly name: string;
  readonly windows: TaskFuture<readonly FieldWindow[]>;
  readonly indices: readonly number[];
}

/** An image as a future, to be handed on, and what it is like. */
export interface SolvedImage {
  readonly job: ContinuumJob;
  readonly image: TaskFuture<ContinuumImage>;
  readonly value: ContinuumImage;
}

/**
 * Makes continuum images, all in one loop, each from its windows and the parts of their scans. A cycle is: for each
 * image not converged update the direction part by part, gather one, update the model, check convergence; then all
 * wait for all, and the next cycle has only those that have not converged. It ends when none is left.
 */
export async function solveContinuum(
  jobs: readonly ContinuumJob[],
  settings: ImagingSettings,
): Promise<SolvedImage[]> {
  if (jobs.length === 0) return [];
  const { size, cellArcsec, robust, combine, iterations } = settings;
  const images = jobs.map((job): ImageUnderWay => {
    const { windows, indices } = job;
    const setup = planImage(windows, indices, { size, cellArcsec, robust });
    const parts = indices.flatMap((window) => scanParts(combine).map((part) => ({ window, part })));
    const densities = weighPart.map(parts, ({ window, part }) => [windows, window, part, setup]);
    return { job, parts, setup, weights: reduce(addWeights, densities, { arity: ARITY }) };
  });
  let active: readonly ImageUnderWay[] = images;
  const solved = await loop('clean', { max: settings.cycles }, async (cycle) => {
    cycle.metric('images', active.length);
    const checks = await Promise.all(active.map((image) => turn(image, iterations)));
    cycle.metric('peak residual', Math.max(...checks.map(({ peakJy }) => peakJy)), 'Jy/beam');
    cycle.metric('residual noise', Math.max(...checks.map(({ noiseJy }) => noiseJy)), 'Jy/beam');
    for (const [index, image] of active.entries()) image.reason = checks[index]?.reason;
    active = active.filter(({ reason }) => reason === undefined);
    if (active.length === 0) cycle.exit('converged');
  });
  run.log('CLEAN ended', { cycles: solved.cycles, reason: solved.reason, notConverged: active.length });
  const restored = images.map(({ job, setup, dirty, clean, reason }) => {
    if (dirty === undefined || clean === undefined) throw new RangeError(`${job.name} had no cycle of CLEAN`);
    return { job, image: restoreImage(dirty, clean, setup, reason ?? 'max_cycles') };
  });
  return Promise.all(restored.map(async ({ job, image }) => ({ job, image, value: await image })));
}

/** One image between the cycles: futures of what each cycle needs of those before. */
interface ImageUnderWay {
  readonly job: ContinuumJob;
  readonly parts: readonly { readonly window: number; readonly part: ScanPart }[];
  readonly setup: TaskFuture<ImagingSetup>;
  readonly weights: TaskFuture<WeightDensity>;
  dirty?: TaskFuture<DirtyImage>;
  clean?: TaskFuture<ContinuumModel>;
  reason?: string | undefined;
}

/** One cycle of one image. */
function turn(image: ImageUnderWay, iterations: number): TaskFuture<ContinuumCheck> {
  const { job, parts, setup, weights, clean } = image;
  const directions = updateDirection.map(parts, ({ window, part }) => [
    job.windows,
    window,
    part,
    setup,
    weights,
    clean,
  ]);
  const plane = reduce(gather, directions, { arity: ARITY });
  image.dirty ??= normalise(plane);
  const model = updateModel(image.dirty, clean === undefined ? undefined : plane, clean, iterations);
  image.clean = model;
  return checkConvergence(model, iterations);
}
