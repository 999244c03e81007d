import { isSiderealError, task } from 'sidereal';
import { fitBeam, normalisePlane } from '../../science/index.ts';
import type { Beam, DirtyImage, DirtyPlane, ImagingSetup } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { channelDirection } from './channel-direction.ts';
import type { ChannelModel } from './channel-direction.ts';
import { componentsOf, modelOf } from './clean-components.ts';
import { minorCycle, whyConverged } from './minor-cycle.ts';
import type { CleanReason } from './minor-cycle.ts';
import type { ScanPart } from './scan-part.ts';

/** A channel between the cycles: a few hundred bytes, and twelve a component. */
export interface ChannelState extends ChannelModel {
  readonly iterations: number;
  /** Iterations of the last cycle, and whether it made things worse. */
  readonly taken: number;
  readonly isDiverging: boolean;
  /** Highest absolute value that the last cycle, and the one before, began with, Jy/beam. */
  readonly peakJy: number;
  readonly previousPeakJy: number | undefined;
  readonly noiseJy: number;
  readonly thermalNoiseJy: number;
  /** As fitted in the first cycle; none where no ellipse fits. */
  readonly beam: Beam | undefined;
  /** There is nothing to image: all of it is flagged. */
  readonly isEmpty: boolean;
}

/** "Update direction" of one channel, for some of its scans. Not kept: a plane has one reader, and goes to it. */
export const updateDirection = task(
  { name: 'update-direction', on: 'threads' },
  (window: FieldWindow, model: ChannelModel, part: ScanPart, setup: ImagingSetup): DirtyPlane =>
    channelDirection(window, model, part, setup),
);

/** "Update model" of one channel. Its value is small, and kept: a resumed run goes on from the last cycle. */
export const updateModel = task(
  { name: 'update-model', on: 'threads', persist: true },
  (
    plane: DirtyPlane,
    { channel, components }: ChannelModel,
    before: ChannelState | undefined,
    maxIterations: number,
  ): ChannelState => {
    const { size } = plane;
    if (!(plane.weightSum > 0)) return { ...NOTHING, channel, components };
    const image = normalisePlane(plane);
    const start = before === undefined ? undefined : { ...before, model: modelOf(components, size) };
    const cycle = minorCycle(image, image.dirty, start, maxIterations);
    const { iterations, taken, isDiverging, peakJy, noiseJy } = cycle;
    return {
      channel,
      components: taken === 0 ? components : componentsOf(cycle.model),
      iterations,
      taken,
      isDiverging,
      peakJy,
      previousPeakJy: before?.peakJy,
      noiseJy,
      thermalNoiseJy: image.thermalNoiseJy,
      beam: before === undefined ? beamOf(image) : before.beam,
      isEmpty: false,
    };
  },
);

const NOTHING = {
  iterations: 0,
  taken: 0,
  isDiverging: false,
  peakJy: 0,
  previousPeakJy: undefined,
  noiseJy: 0,
  thermalNoiseJy: 0,
  beam: undefined,
  isEmpty: true,
} as const;

/** The beam of a channel; none if its point-spread function has no elliptical lobe, as of a few visibilities. */
function beamOf({ psf, size, cellRad }: DirtyImage): Beam | undefined {
  try {
    return fitBeam(psf, 2 * size, cellRad);
  } catch (error) {
    if (isSiderealError(error, 'SOLVE_FAILED')) return undefined;
    throw error;
  }
}

/** "Check convergence" of one channel: why it is done, or null. */
export const checkConvergence = task(
  { name: 'check-convergence', on: 'inline' },
  (state: ChannelState, maxIterations: number): CleanReason | 'no_data' | null =>
    state.isEmpty ? 'no_data' : (whyConverged(state, state.previousPeakJy, maxIterations) ?? null),
);
