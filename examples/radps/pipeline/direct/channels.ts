import { selectChannel } from '../../science/index.ts';
import type { ChannelVisibilities, DirtyPlane, Observation } from '../../science/index.ts';
import { windowOf } from './flag.ts';
import type { FlaggedWindow } from './flag.ts';
import { shareDoubles } from '../shared-observation.ts';

/** One channel of one spectral window: what one task images. */
export interface ChannelOfWindow {
  readonly window: number;
  readonly channel: number;
}

/** The field that is imaged. */
const FIELD = 0;

/** Every channel of every spectral window. */
export function allChannels({ sets }: Observation): ChannelOfWindow[] {
  return sets.flatMap((set, window) =>
    Array.from({ length: set.channels }, (_, channel) => ({ window, channel })),
  );
}

/** What may be used of a channel. */
export function usableChannel(
  observation: Observation,
  flags: readonly FlaggedWindow[],
  { window, channel }: ChannelOfWindow,
): ChannelVisibilities {
  const set = windowOf(observation, window);
  return selectChannel(set, channel, { field: FIELD, flag: flags[window]?.flag ?? set.flag });
}

/**
 * A plane with its images in shared memory. Adding up planes then copies none of them: what a task gives is
 * there for the task that adds it, on whichever thread.
 */
export function sharePlane(plane: DirtyPlane): DirtyPlane {
  return { ...plane, dirty: shareDoubles(plane.dirty), psf: shareDoubles(plane.psf) };
}
