import { flow, future, loop, reduce, run, task } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import { z } from 'zod';
import {
  amplitudeProduct,
  closureOf,
  hybridPlan,
  isRing,
  measureRing,
  MICROARCSEC,
  restoreImage,
} from '../../science/index.ts';
import type { CalibrationTable, HybridCycle, RingMeasurement } from '../../science/index.ts';
import {
  addPlanes,
  applyAmplitudes,
  ARITY,
  channelsOf,
  cleanInMask,
  fitModel,
  gatherColumns,
  gatherFits,
  gridChannelOfSet,
  selfCalibrate,
  solveStations,
  startModel,
} from './cycle-steps.ts';
import type { Columns, CycleModel, ModelFit } from './cycle-steps.ts';
import { hybridKnobs, hybridOptions } from './hybrid-input.ts';
import type { HybridKnobs } from './hybrid-input.ts';
import type { Prepared } from './prepare.ts';

/** Station amplitudes that self-calibration found, the constant ones times those of each scan. */
export interface StationAmplitudes {
  /** Mid times of the scans, MJD seconds; a single one where no cycle solved for scans. */
  readonly timeS: Float64Array;
  /** [solution, antenna]; 1 where a station was never solved for. */
  readonly value: Float64Array;
}

/** What one start came to. */
export interface HybridStart {
  readonly startDiameterUas: number;
  readonly cycles: readonly HybridCycle[];
  readonly amplitudes: StationAmplitudes;
  /** The self-calibrated visibilities, one a set. */
  readonly columns: readonly Columns[];
  /** Of the picture that it ends in; means something only if that is a ring. */
  readonly measured: RingMeasurement;
  readonly isRing: boolean;
}

/** The beam that the picture is blurred to. */
export function blurOf({ beamUas }: HybridKnobs): {
  majorRad: number;
  minorRad: number;
  positionAngleRad: number;
} {
  return { majorRad: beamUas * MICROARCSEC, minorRad: beamUas * MICROARCSEC, positionAngleRad: 0 };
}

/** Looks for a ring in the picture of a model. */
const measureModel = task(
  { name: 'measure-ring', on: 'threads', persist: true },
  ({ model }: CycleModel, knobs: HybridKnobs): RingMeasurement => {
    const cellRad = knobs.cellUas * MICROARCSEC;
    const image = restoreImage(model, new Float64Array(model.length), knobs.size, cellRad, blurOf(knobs));
    return measureRing(image, knobs.size, cellRad, {
      beamRad: knobs.beamUas * MICROARCSEC,
      searchRad: knobs.ringSearchUas * MICROARCSEC,
    });
  },
);

/**
 * Stage: hybrid mapping from one uniform disk. Each cycle calibrates the stations of each set against the model,
 * images all sets together, CLEANs in the mask, and asks what the new model predicts. Kept as a whole: a resumed
 * run enters only the starts that had not ended.
 */
export const hybridStart = flow(
  {
    name: 'hybrid-start',
    persist: true,
    input: { prepared: future<Prepared>(), startDiameterUas: z.number(), knobs: hybridKnobs },
  },
  async ({ prepared, startDiameterUas, knobs }): Promise<HybridStart> => {
    const { sets, antennas } = await prepared;
    const options = hybridOptions(knobs, antennas, startDiameterUas);
    const plan = hybridPlan(options);
    const indices = sets.map((_, set) => set);
    const channels = channelsOf(await prepared);
    const predict = (model: TaskFuture<CycleModel>): TaskFuture<readonly ModelFit[]> =>
      gatherFits(fitModel.map(indices, (set) => [prepared, set, model, options]));

    let fits = predict(startModel(options));
    let columns: TaskFuture<readonly Columns[]> | undefined;
    let ring: TaskFuture<RingMeasurement> | undefined;
    const constant: CalibrationTable[] = [];
    const byScan: CalibrationTable[] = [];
    const cycles: HybridCycle[] = [];
    await loop('hybrid-cycle', { max: plan.length }, async (cycle) => {
      const kind = plan[cycle.index] ?? 'phase';
      const [before, known] = [columns, fits];
      const phased = gatherColumns(
        selfCalibrate.map(indices, (set) => [prepared, before, known, set, options]),
      );
      const table = kind === 'phase' ? undefined : solveStations(prepared, phased, known, kind, options);
      const after =
        table === undefined
          ? phased
          : gatherColumns(applyAmplitudes.map(indices, (set) => [prepared, phased, table, set]));
      const planes = gridChannelOfSet.map(channels, (channel) => [prepared, after, channel, options]);
      const model = cleanInMask(reduce(addPlanes, planes, { arity: ARITY }), cycle.index, options);
      if (cycle.index === plan.length - 1) ring = measureModel(model, knobs);
      fits = predict(model);
      columns = after;

      const found = await fits;
      const closure = closureOf(found.map((fit) => fit.closure));
      const modelFluxJy = found[0]?.fluxJy ?? 0;
      cycles.push({ kind, modelFluxJy, closure });
      if (table !== undefined) (kind === 'amplitude_all' ? constant : byScan).push(await table);
      cycle.metric('closure', closure.full);
      cycle.metric('model flux', modelFluxJy, 'Jy');
    });
    if (ring === undefined || columns === undefined) throw new RangeError('hybrid mapping without a cycle');
    const measured = await ring;
    const last = cycles.at(-1);
    run.log('start ended', { startDiameterUas, closure: last?.closure.full, modelFluxJy: last?.modelFluxJy });
    return {
      startDiameterUas,
      cycles,
      amplitudes: stationAmplitudes(constant, byScan, antennas),
      columns: await columns,
      measured,
      isRing: isRing(measured, {
        beamRad: knobs.beamUas * MICROARCSEC,
        maskDiameterRad: options.maskDiameterRad,
      }),
    };
  },
);

function stationAmplitudes(
  constant: readonly CalibrationTable[],
  byScan: readonly CalibrationTable[],
  antennas: number,
): StationAmplitudes {
  const factors = amplitudeProduct(constant, antennas);
  const scans = amplitudeProduct(byScan, antennas);
  return {
    timeS: byScan[0]?.timeS ?? constant[0]?.timeS ?? Float64Array.of(0),
    value: scans.map((value, at) => value * (factors[at % antennas] ?? 1)),
  };
}
