import { run, task } from 'sidereal';
import {
  addDensities,
  baselineRange,
  channelDensity,
  checkSetup,
  selectChannel,
  SPEED_OF_LIGHT,
  suggestedWPlanes,
} from '../../science/index.ts';
import type { ImagingSetup, VisibilitySet, WeightDensity } from '../../science/index.ts';
import { shareDoubles } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';
import { windowAt } from './continuum-window.ts';
import { askedCellRad } from './imaging-settings.ts';
import type { ImagingSettings } from './imaging-settings.ts';
import { selectScans } from './scan-part.ts';
import type { ScanPart } from './scan-part.ts';

/** Pixels that the finest beam is wide at least. */
const PIXELS_PER_BEAM = 3;

type Geometry = Pick<ImagingSettings, 'size' | 'cellArcsec' | 'robust'>;

/** "Prepare": pixels as asked for, or finer where the beam needs it, and w-planes where the field is wide enough. */
export function setupFor(
  sets: readonly VisibilitySet[],
  { size, cellArcsec, robust }: Geometry,
): ImagingSetup {
  const plans = sets.map((set) => {
    const wavelengthM = SPEED_OF_LIGHT / set.frequencyHz.reduce((most, hz) => Math.max(most, hz), 0);
    return { set, wavelengthM, finestRad: wavelengthM / baselineRange(set).longestM / PIXELS_PER_BEAM };
  });
  const finest = plans.map(({ finestRad }) => finestRad).filter((rad) => rad > 0);
  const cellRad = Math.min(askedCellRad({ cellArcsec }), ...finest);
  const wPlanes = plans.map(({ set, wavelengthM }) =>
    suggestedWPlanes({ size, cellRad }, set.uvwM, wavelengthM),
  );
  const setup: ImagingSetup = {
    size,
    cellRad,
    weighting: { kind: 'briggs', robust },
    wPlanes: Math.max(1, ...wPlanes),
  };
  checkSetup(setup);
  return setup;
}

/** The plan of one continuum image. */
export const planImage = task(
  { name: 'plan-image', on: 'threads' },
  (windows: readonly FieldWindow[], indices: readonly number[], geometry: Geometry): ImagingSetup => {
    const sets = indices.map((index) => windowAt(windows, index).set);
    const setup = setupFor(sets, geometry);
    run.log('image planned', { ...setup });
    return setup;
  },
);

/** Where in the u, v plane the weight of some scans of a window lies. */
export const weighPart = task(
  { name: 'weigh', on: 'threads' },
  (windows: readonly FieldWindow[], index: number, part: ScanPart, setup: ImagingSetup): WeightDensity => {
    const { file, set } = windowAt(windows, index);
    const scans = selectScans(set, part);
    const options = { field: file.fieldIndex };
    const density = new Float64Array((setup.size / 2 + 1) * setup.size);
    for (let channel = 0; channel < scans.channels; channel++) {
      const own = channelDensity(selectChannel(scans, channel, options), setup);
      for (const [cell, weight] of own.entries()) density[cell] = (density[cell] ?? 0) + weight;
    }
    return density;
  },
);

export const addWeights = task(
  { name: 'add-weights', on: 'threads' },
  (...densities: WeightDensity[]): WeightDensity => shareDoubles(densities.reduce(addDensities)),
);
