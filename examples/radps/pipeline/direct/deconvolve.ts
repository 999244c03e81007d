import { flow, future, loop, reduce, run, task } from 'sidereal';
import { z } from 'zod';
import { findSources, gridChannel, restore, subtractModel } from '../../science/index.ts';
import type { CleanedImage, DirtyPlane, FoundSource, Observation } from '../../science/index.ts';
import { allChannels, sharePlane, usableChannel } from './channels.ts';
import type { ChannelOfWindow } from './channels.ts';
import { cleanCycle, exitReason, measureResidual } from './clean-cycle.ts';
import type { CleanModel, Residual } from './clean-cycle.ts';
import type { FlaggedWindow } from './flag.ts';
import { addPlanes, ARITY } from './image.ts';
import type { ImagedField } from './image.ts';
import { judge } from '../quality.ts';

/** What is left of one channel without the model, gridded and transformed: 8 bytes a pixel, for the PSF is known. */
const gridResidual = task(
  { name: 'grid-residual', on: 'threads', persist: true },
  (
    observation: Observation,
    flags: readonly FlaggedWindow[],
    channel: ChannelOfWindow,
    { setup, weights }: ImagedField,
    { model }: CleanModel,
  ): DirtyPlane => {
    const left = subtractModel(usableChannel(observation, flags, channel), model, setup);
    return sharePlane({ ...gridChannel(left, setup, weights), psf: new Float64Array(0) });
  },
);

const normaliseResidual = task(
  { name: 'normalise-residual', on: 'threads', persist: true },
  ({ dirty, weightSum }: DirtyPlane): Residual => measureResidual(dirty.map((value) => value / weightSum)),
);

const restoreImage = task(
  { name: 'restore', on: 'threads', persist: true },
  (field: ImagedField, { pixels, peakJy }: Residual, clean: CleanModel): CleanedImage =>
    restore(field, { ...clean, residual: pixels, peakJy }),
);

const measureSources = task(
  { name: 'find-sources', on: 'threads', persist: true },
  (cleaned: CleanedImage, observation: Observation): FoundSource[] => {
    const [centre] = observation.fields;
    return centre === undefined ? [] : findSources(cleaned.restored, { ...cleaned, centre });
  },
);

/**
 * Stage: takes the point-spread function out of the dirty image, restores it and finds its sources.
 *
 * Each major cycle (Schwab 1984, AJ 89, 1076) CLEANs the image, then subtracts the model from the visibilities of
 * each channel and images what is left, so that what gridding and the image's edge did to the components is undone.
 */
export const deconvolve = flow(
  {
    name: 'deconvolve',
    input: {
      observation: future<Observation>(),
      flags: future<readonly FlaggedWindow[]>(),
      field: future<ImagedField>(),
      cycles: z.int().min(1),
      iterations: z.int().min(1),
    },
  },
  async ({ observation, flags, field, cycles, iterations }) => {
    const channels = allChannels(await observation);
    const { dirty, thermalNoiseJy } = await field;
    let { peakJy } = measureResidual(dirty);
    let clean: ReturnType<typeof cleanCycle> | undefined;
    let residual: ReturnType<typeof normaliseResidual> | undefined;
    const solved = await loop('major-cycle', { max: cycles }, async (cycle) => {
      const model = cleanCycle(field, residual, clean, iterations);
      const planes = gridResidual.map(channels, (channel) => [observation, flags, channel, field, model]);
      const left = normaliseResidual(reduce(addPlanes, planes, { arity: ARITY }));
      clean = model;
      residual = left;

      const { iterations: done, stop } = await model;
      const after = await left;
      cycle.metric('iterations', done);
      cycle.metric('peak residual', after.peakJy, 'Jy/beam');
      cycle.metric('residual noise', after.noiseJy, 'Jy/beam');
      const reason = exitReason({ stop }, { peakJy }, after, thermalNoiseJy);
      if (reason !== undefined) cycle.exit(reason);
      ({ peakJy } = after);
    });
    run.log('CLEAN ended', { cycles: solved.cycles, reason: solved.reason });
    if (clean === undefined || residual === undefined) throw new RangeError('CLEAN without a cycle');

    const cleaned = restoreImage(field, residual, clean);
    const sources = measureSources(cleaned, observation);
    const { noiseJy, snr } = await cleaned;
    await judge({
      name: 'image noise',
      metric: { name: 'noise over thermal noise', value: noiseJy / thermalNoiseJy, unit: '' },
      worst: 5,
      best: 1.2,
      message: `CLEAN ended after ${solved.cycles} cycles (${solved.reason}); the noise is ${(noiseJy / thermalNoiseJy).toFixed(2)} times what the weights promise`,
    });
    await judge({
      name: 'dynamic range',
      metric: { name: 'peak over noise', value: snr, unit: '' },
      worst: 5,
      best: 50,
      message: `the peak stands ${snr.toFixed(0)} times above the noise`,
    });
    return { cleaned: await cleaned, sources: await sources };
  },
);
