import { task } from 'sidereal';
import { combinePlanes, gridChannels, predictModel, selectChannel } from '../../science/index.ts';
import type { DirtyPlane, ImagingSetup, VisibilitySet, WeightDensity } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { windowAt } from './continuum-window.ts';
import { selectScans } from './scan-part.ts';
import type { ScanPart } from './scan-part.ts';

/**
 * "Update direction" of a continuum image, for some scans of one window: images what the model leaves of their
 * visibilities. Without a model it images the visibilities themselves, and the point-spread function with them.
 * Neither shared nor kept: a plane has one reader, `gather`, and goes to it.
 */
export const updateDirection = task(
  { name: 'update-direction', on: 'threads' },
  (
    windows: readonly FieldWindow[],
    index: number,
    part: ScanPart,
    setup: ImagingSetup,
    weights: WeightDensity,
    clean: { readonly model: Float64Array } | undefined,
  ): DirtyPlane => {
    const { file, set } = windowAt(windows, index);
    const field = file.fieldIndex;
    const scans = selectScans(set, part);
    const left =
      clean === undefined ? scans : withoutModel(scans, predictModel(clean.model, scans, setup, field));
    const channels = Array.from({ length: left.channels }, (_, channel) =>
      selectChannel(left, channel, { field }),
    );
    const plane = gridChannels(channels, setup, weights);
    return clean === undefined ? plane : { ...plane, psf: new Float64Array(0) };
  },
);

/** "Gather one": adds planes up. */
export const gather = task({ name: 'gather', on: 'threads' }, (...planes: DirtyPlane[]): DirtyPlane =>
  planes.reduce(combinePlanes),
);

/** Planes that one task adds. */
export const ARITY = 4;

/** The set without the visibilities of a model of total intensity, [row, channel, 2]. */
function withoutModel(set: VisibilitySet, model: Float64Array): VisibilitySet {
  const nCorrelation = set.correlations.length;
  const data = set.data.map((value, at) => {
    const sample = Math.floor(at / (2 * nCorrelation));
    return value - (model[2 * sample + (at % 2)] ?? 0);
  });
  return { ...set, data };
}
