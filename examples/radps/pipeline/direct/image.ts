import { flow, future, reduce, run, task } from 'sidereal';
import { z } from 'zod';
import {
  addDensities,
  baselineRange,
  channelDensity,
  checkSetup,
  combinePlanes,
  gridChannel,
  normalisePlane,
  SPEED_OF_LIGHT,
  suggestedCellRad,
  suggestedWPlanes,
} from '../../science/index.ts';
import type {
  DirtyImage,
  DirtyPlane,
  ImagingSetup,
  Observation,
  WeightDensity,
} from '../../science/index.ts';
import { allChannels, sharePlane, usableChannel } from './channels.ts';
import type { ChannelOfWindow } from './channels.ts';
import type { FlaggedWindow } from './flag.ts';
import { judge } from '../quality.ts';
import { shareDoubles } from '../shared-observation.ts';

/** The dirty image, with what it takes to image again with the same weights. Its arrays are shared memory. */
export interface ImagedField extends DirtyImage {
  readonly setup: ImagingSetup;
  readonly weights: WeightDensity;
  /** Visibilities that did not fit on the grid. */
  readonly outside: number;
}

/** Where in the u, v plane the weight of one channel lies. */
const weighChannel = task(
  { name: 'weigh-channel', on: 'threads', persist: true },
  (
    observation: Observation,
    flags: readonly FlaggedWindow[],
    channel: ChannelOfWindow,
    setup: ImagingSetup,
  ): WeightDensity => shareDoubles(channelDensity(usableChannel(observation, flags, channel), setup)),
);

const addWeights = task(
  { name: 'add-weights', on: 'threads', persist: true },
  (...densities: WeightDensity[]): WeightDensity => shareDoubles(densities.reduce(addDensities)),
);

/** Grids one channel and transforms it. Kept, so that a resumed run does not grid it again. */
const gridAndTransform = task(
  { name: 'grid-channel', on: 'threads', persist: true },
  (
    observation: Observation,
    flags: readonly FlaggedWindow[],
    channel: ChannelOfWindow,
    setup: ImagingSetup,
    weights: WeightDensity,
  ): DirtyPlane => sharePlane(gridChannel(usableChannel(observation, flags, channel), setup, weights)),
);

/** Adds planes up. Partial sums are kept as well: they are as large as a plane, but few, for each adds four. */
export const addPlanes = task(
  { name: 'add-planes', on: 'threads', persist: true },
  (...planes: DirtyPlane[]): DirtyPlane => sharePlane(planes.reduce(combinePlanes)),
);

/** Planes that one task adds. */
export const ARITY = 4;

const normalise = task(
  { name: 'normalise', on: 'threads', persist: true },
  (sum: DirtyPlane, setup: ImagingSetup, weights: WeightDensity): ImagedField => {
    const image = normalisePlane(sum);
    const { dirty, psf } = image;
    const shared = { dirty: shareDoubles(dirty), psf: shareDoubles(psf) };
    return { ...image, ...shared, setup, weights, outside: sum.outside };
  },
);

/** Pixels a fifth of the finest beam, as many as asked for, and w-planes where the field is wide enough for them. */
function planImage({ sets }: Observation, size: number, robust: number): ImagingSetup {
  const plans = sets.map((set) => {
    const highestHz = set.frequencyHz.reduce((highest, hz) => Math.max(highest, hz), 0);
    return { set, highestHz, cellRad: suggestedCellRad(baselineRange(set).longestM, highestHz) };
  });
  const cellRad = Math.min(...plans.map((plan) => plan.cellRad));
  const setup: ImagingSetup = {
    size,
    cellRad,
    weighting: { kind: 'briggs', robust },
    wPlanes: Math.max(
      ...plans.map(({ set, highestHz }) =>
        suggestedWPlanes({ size, cellRad }, set.uvwM, SPEED_OF_LIGHT / highestHz),
      ),
    ),
  };
  checkSetup(setup);
  return setup;
}

/** Stage: grids and transforms each channel on threads and adds them up to the dirty image. */
export const image = flow(
  {
    name: 'image',
    input: {
      observation: future<Observation>(),
      flags: future<readonly FlaggedWindow[]>(),
      size: z.int(),
      robust: z.number(),
    },
  },
  async ({ observation, flags, size, robust }) => {
    const setup = planImage(await observation, size, robust);
    const channels = allChannels(await observation);
    run.log('image planned', { channels: channels.length, ...setup });
    const densities = weighChannel.map(channels, (channel) => [observation, flags, channel, setup]);
    const weights = reduce(addWeights, densities, { arity: ARITY });
    const planes = gridAndTransform.map(channels, (channel) => [observation, flags, channel, setup, weights]);
    const field = normalise(reduce(addPlanes, planes, { arity: ARITY }), setup, weights);

    const { visibilities, outside, thermalNoiseJy } = await field;
    run.log('imaged', { visibilities, outside, thermalNoiseJy });
    const percent = (100 * visibilities) / (visibilities + outside);
    await judge({
      name: 'gridded visibilities',
      metric: { name: 'visibilities on the grid', value: percent, unit: '%' },
      worst: 80,
      best: 99,
      message: `${visibilities} visibilities of ${channels.length} channels are imaged, ${outside} do not fit on the grid`,
    });
    return field;
  },
);
