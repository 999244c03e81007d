import { task } from 'sidereal';
import { normalisePlane, restore, robustSpread } from '../../science/index.ts';
import type { Beam, DirtyImage, DirtyPlane, ImagingSetup } from '../../science/index.ts';
import { shareDoubles } from '../shared-observation.ts';
import { minorCycle, whyConverged } from './minor-cycle.ts';
import type { CleanReason, MinorCycle } from './minor-cycle.ts';

/** The dirty image and its point-spread function, in shared memory. Kept, as every cycle to come needs it. */
export const normalise = task(
  { name: 'normalise', on: 'threads', persist: true },
  (plane: DirtyPlane): DirtyImage => {
    const image = normalisePlane(plane);
    return { ...image, dirty: shareDoubles(image.dirty), psf: shareDoubles(image.psf) };
  },
);

/** What CLEAN has come to, in shared memory. */
export interface ContinuumModel extends MinorCycle {
  /** Peak that the cycle before began with; none: it is the first. */
  readonly previousPeakJy: number | undefined;
  /** Of all cycles, for the products. */
  readonly history: readonly CleanCycle[];
}

/** One major cycle: iterations up to its end, peak and noise of the residual that it began with, Jy/beam. */
export interface CleanCycle {
  readonly iterations: number;
  readonly peakJy: number;
  readonly noiseJy: number;
}

/** "Update model" of one continuum image. Kept, so that a resumed run goes on from the last cycle. */
export const updateModel = task(
  { name: 'update-model', on: 'threads', persist: true },
  (
    image: DirtyImage,
    plane: DirtyPlane | undefined,
    before: ContinuumModel | undefined,
    maxIterations: number,
  ): ContinuumModel => {
    const residual = plane === undefined ? image.dirty : plane.dirty.map((value) => value / plane.weightSum);
    const cycle = minorCycle(image, residual, before, maxIterations);
    const { iterations, peakJy, noiseJy } = cycle;
    return {
      ...cycle,
      model: shareDoubles(cycle.model),
      residual: shareDoubles(cycle.residual),
      previousPeakJy: before?.peakJy,
      history: [...(before?.history ?? []), { iterations, peakJy, noiseJy }],
    };
  },
);

/** What checking one image gives. */
export interface ContinuumCheck extends CleanCycle {
  readonly reason: CleanReason | undefined;
}

/** "Check convergence" of one continuum image. */
export const checkConvergence = task(
  { name: 'check-convergence', on: 'inline' },
  (model: ContinuumModel, maxIterations: number): ContinuumCheck => {
    const { iterations, peakJy, noiseJy, previousPeakJy } = model;
    return { iterations, peakJy, noiseJy, reason: whyConverged(model, previousPeakJy, maxIterations) };
  },
);

/** A continuum image; its arrays are shared memory. */
export interface ContinuumImage {
  readonly setup: ImagingSetup;
  readonly size: number;
  readonly cellRad: number;
  readonly frequencyHz: number;
  readonly beam: Beam;
  /** [size, size] Jy/beam; the model Jy per pixel. */
  readonly restored: Float64Array;
  readonly residual: Float64Array;
  readonly dirty: Float64Array;
  readonly model: Float64Array;
  readonly peakJy: number;
  readonly noiseJy: number;
  readonly thermalNoiseJy: number;
  readonly snr: number;
  readonly modelFluxJy: number;
  readonly iterations: number;
  readonly cycles: readonly CleanCycle[];
  readonly reason: string;
}

/** The model with the fitted beam on top of what it does not explain. Kept, as it is what all was made for. */
export const restoreImage = task(
  { name: 'restore', on: 'threads', persist: true },
  (image: DirtyImage, clean: ContinuumModel, setup: ImagingSetup, reason: string): ContinuumImage => {
    const { model, residual, iterations, history } = clean;
    const ended = { model, residual, iterations, history: new Float64Array(0) };
    const cleaned = restore(image, { ...ended, stop: 'threshold', peakJy: clean.peakJy });
    const { size, cellRad, frequencyHz, beam, thermalNoiseJy, modelFluxJy, snr } = cleaned;
    const noiseJy = robustSpread(residual).sigma;
    return {
      setup,
      size,
      cellRad,
      frequencyHz,
      beam,
      restored: shareDoubles(cleaned.restored),
      residual,
      dirty: image.dirty,
      model,
      peakJy: cleaned.restored.reduce((highest, value) => Math.max(highest, value), -Infinity),
      noiseJy,
      thermalNoiseJy,
      snr,
      modelFluxJy,
      iterations,
      cycles: history,
      reason,
    };
  },
);
