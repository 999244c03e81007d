import { channelDensity, gridChannel, selectChannel, subtractModel } from '../../science/index.ts';
import type { DirtyPlane, ImagingSetup } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { channelSet } from './channel-set.ts';
import { modelOf } from './clean-components.ts';
import type { CleanComponents } from './clean-components.ts';
import { selectScans } from './scan-part.ts';
import type { ScanPart } from './scan-part.ts';

/** One channel and its model so far. */
export interface ChannelModel {
  readonly channel: number;
  readonly components: CleanComponents;
}

/**
 * The plane of some scans of one channel, without the model of the channel, and its point-spread function. The
 * weights are those of all scans of the channel: weighing costs little beside gridding, so each part does it anew.
 */
export function channelDirection(
  { file, set }: FieldWindow,
  { channel, components }: ChannelModel,
  part: ScanPart,
  setup: ImagingSetup,
): DirtyPlane {
  const own = channelSet(set, channel);
  const options = { field: file.fieldIndex };
  const weights = channelDensity(selectChannel(own, 0, options), setup);
  const scans = selectChannel(selectScans(own, part), 0, options);
  const left =
    components.pixel.length === 0 ? scans : subtractModel(scans, modelOf(components, setup.size), setup);
  return gridChannel(left, setup, weights);
}
