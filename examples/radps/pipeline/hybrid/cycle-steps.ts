import { task } from 'sidereal';
import {
  applyFactors,
  calibratePhases,
  cleanCompact,
  combinePlanes,
  diskModel,
  gridTempered,
  modelClosure,
  normalisePlane,
  predictModel,
  solveAmplitudes,
} from '../../science/index.ts';
import type {
  CalibrationTable,
  ClosureSums,
  DirtyPlane,
  HybridKind,
  HybridOptions,
  VisibilitySet,
} from '../../science/index.ts';
import { shareDoubles } from '../shared-observation.ts';
import type { Prepared } from './prepare.ts';

/**
 * The steps of a cycle of hybrid mapping as tasks; what they compute is `science/vlbi/`, and the same as the plain
 * function `hybridMap` computes.
 *
 * Of the visibilities only three columns change: they travel, the others stay in shared memory. They and what the
 * models predict are kept in the store, a tenth of a megabyte a cycle; images are not, which are twenty times larger:
 * a resumed run makes at most those of one cycle again.
 */
export type Columns = Pick<VisibilitySet, 'data' | 'weight' | 'flag'>;

/** A model, [size, size] Jy per pixel, in shared memory. */
export interface CycleModel {
  readonly model: Float64Array;
  readonly fluxJy: number;
}

/** What a model says of one set. */
export interface ModelFit {
  /** [row, channel, 2] Jy, in shared memory. */
  readonly predicted: Float64Array;
  /** Against the data as they were before any self-calibration. */
  readonly closure: ClosureSums;
  readonly fluxJy: number;
}

/** One channel of one set: what one task grids. */
export interface ChannelOfSet {
  readonly set: number;
  readonly channel: number;
}

/** Every channel of every set. */
export function channelsOf({ sets }: Prepared): ChannelOfSet[] {
  return sets.flatMap(({ channels }, set) =>
    Array.from({ length: channels }, (_, channel) => ({ set, channel })),
  );
}

/** A set with the columns that self-calibration has given it; as prepared where there are none yet. */
export function withColumns(
  prepared: Prepared,
  columns: readonly Columns[] | undefined,
  set: number,
): VisibilitySet {
  if (columns === undefined) return setOf(prepared, set);
  const own = columns[set];
  if (own === undefined) throw new RangeError(`set ${set} has no calibrated columns`);
  return { ...setOf(prepared, set), ...own };
}

function setOf({ sets }: Prepared, index: number): VisibilitySet {
  const set = sets[index];
  if (set === undefined) throw new RangeError(`there is no set ${index}`);
  return set;
}

function columnsOf({ data, weight, flag }: VisibilitySet): Columns {
  return { data, weight, flag };
}

/** The model that self-calibration starts from. */
export const startModel = task(
  { name: 'start-model', on: 'threads', persist: false },
  ({ setup, startDiameterRad, compactFluxJy }: HybridOptions): CycleModel => ({
    model: shareDoubles(diskModel(setup, startDiameterRad, compactFluxJy)),
    fluxJy: compactFluxJy,
  }),
);

/** What a model predicts for one set, and how well that agrees with its closure quantities. */
export const fitModel = task(
  { name: 'predict', on: 'threads', persist: true },
  (prepared: Prepared, set: number, { model, fluxJy }: CycleModel, options: HybridOptions): ModelFit => {
    const own = setOf(prepared, set);
    const predicted = shareDoubles(predictModel(model, own, options.setup));
    return { predicted, closure: modelClosure(own, predicted, options), fluxJy };
  },
);

export const selfCalibrate = task(
  { name: 'self-calibrate', on: 'threads', persist: true },
  (
    prepared: Prepared,
    columns: readonly Columns[] | undefined,
    fits: readonly ModelFit[],
    set: number,
    options: HybridOptions,
  ): Columns => {
    const fit = fits[set];
    if (fit === undefined) throw new RangeError(`no model was fitted to set ${set}`);
    return columnsOf(calibratePhases(withColumns(prepared, columns, set), fit.predicted, options));
  },
);

/** All sets of a step together, as the steps after it need them, those of the next cycle too; it computes nothing. */
export const gatherColumns = task(
  { name: 'gather-columns', on: 'inline', persist: true },
  (columns: readonly Columns[]): readonly Columns[] => columns,
);

export const gatherFits = task(
  { name: 'gather-fits', on: 'inline', persist: true },
  (fits: readonly ModelFit[]): readonly ModelFit[] => fits,
);

/** Amplitudes of the stations: one solution for all sets. */
export const solveStations = task(
  { name: 'solve-amplitudes', on: 'threads', persist: true },
  (
    prepared: Prepared,
    columns: readonly Columns[],
    fits: readonly ModelFit[],
    kind: Exclude<HybridKind, 'phase'>,
    options: HybridOptions,
  ): CalibrationTable =>
    solveAmplitudes(
      prepared.sets.map((_, set) => withColumns(prepared, columns, set)),
      fits.map(({ predicted }) => predicted),
      kind,
      options,
    ),
);

export const applyAmplitudes = task(
  { name: 'apply-amplitudes', on: 'threads', persist: true },
  (prepared: Prepared, columns: readonly Columns[], table: CalibrationTable, set: number): Columns =>
    columnsOf(applyFactors(withColumns(prepared, columns, set), table)),
);

export const gridChannelOfSet = task(
  { name: 'grid-channel', on: 'threads', persist: false },
  (
    prepared: Prepared,
    columns: readonly Columns[] | undefined,
    { set, channel }: ChannelOfSet,
    options: HybridOptions,
  ): DirtyPlane => sharePlane(gridTempered(withColumns(prepared, columns, set), channel, options)),
);

/** Planes that one task adds; up to as many are added in the order of `hybridMap`, to the last bit. */
export const ARITY = 8;

export const addPlanes = task(
  { name: 'add-planes', on: 'threads', persist: false },
  (...planes: DirtyPlane[]): DirtyPlane => sharePlane(planes.reduce(combinePlanes)),
);

/** CLEAN in the mask, deeper with every cycle. */
export const cleanInMask = task(
  { name: 'clean', on: 'threads', persist: false },
  (sum: DirtyPlane, cycle: number, options: HybridOptions): CycleModel => {
    const { model } = cleanCompact(normalisePlane(sum), cycle, options);
    return { model: shareDoubles(model), fluxJy: model.reduce((flux, value) => flux + value, 0) };
  },
);

function sharePlane(plane: DirtyPlane): DirtyPlane {
  return { ...plane, dirty: shareDoubles(plane.dirty), psf: shareDoubles(plane.psf) };
}
