import { flow, future, run, task } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import {
  bestPoint,
  MICROARCSEC,
  refineRing,
  RING_PARTS,
  ringFitOf,
  ringStarts,
  searchRing,
} from '../../science/index.ts';
import type { RingFit, RingFitOptions, RingMeasurement, RingPoint, RingStart } from '../../science/index.ts';
import { judge } from '../quality.ts';
import { hybridKnobs } from './hybrid-input.ts';
import type { Prepared } from './prepare.ts';
import { judgeNothing, judgeStage } from './stage-outcome.ts';
import type { Survey } from './survey.ts';

/** The ring, twice: in the image, and fitted to the closure quantities without any image. */
export interface FoundRing {
  readonly measured: RingMeasurement;
  readonly fit: RingFit;
}

export interface RingStage {
  /** None where the image does not show a ring. */
  readonly ring: FoundRing | undefined;
  readonly outcome: StageOutcome;
}

/** Width that the fit starts from. */
const START_WIDTH_UAS = 15;

const search = task(
  { name: 'search-ring', on: 'threads', persist: true },
  ({ sets }: Prepared, options: RingFitOptions, start: RingStart): RingPoint =>
    searchRing(sets, options, start),
);

/** The best fit near a point, of all scans or without one part of them. */
const refine = task(
  { name: 'refine-ring', on: 'threads', persist: true },
  ({ sets }: Prepared, options: RingFitOptions, from: RingPoint, leftOut: number | undefined): RingPoint =>
    refineRing(sets, options, from, leftOut),
);

/** Stage: the ring of the chosen image, and a ring fitted to the closure quantities beside it. */
export const findRing = flow(
  {
    name: 'ring',
    input: { prepared: future<Prepared>(), surveyed: future<Survey>(), knobs: hybridKnobs },
  },
  async ({ prepared, surveyed, knobs }): Promise<RingStage> => {
    const { starts, chosen } = await surveyed;
    const startedMs = run.now();
    const start = starts[chosen];
    if (start?.isRing !== true) {
      const why =
        'the image shows no ring with a dark centre, so that there is no diameter to tell and none is fitted';
      return { ring: undefined, outcome: await judgeNothing(startedMs, 'ring', why) };
    }
    const { measured } = start;
    const options: RingFitOptions = {
      antennas: (await prepared).antennas,
      diametersRad: [measured.diameterRad],
      widthRad: START_WIDTH_UAS * MICROARCSEC,
      shortWavelengths: knobs.shortWavelengths,
    };
    const best = bestPoint(await search.map(ringStarts(options), (from) => [prepared, options, from]));
    const whole = refine(prepared, options, best, undefined);
    const parts = refine.map(
      Array.from({ length: RING_PARTS }, (_, part) => part),
      (part) => [prepared, options, best, part],
    );
    const fit = ringFitOf(options, await whole, await parts);

    const difference = Math.abs(fit.diameterRad - measured.diameterRad);
    const sigmas = difference / Math.hypot(measured.diameterErrorRad, fit.diameterErrorRad);
    await judge({
      name: 'ring diameters agree',
      metric: { name: 'difference over error', value: sigmas, unit: '' },
      worst: 3,
      best: 1,
      message: `image and closure quantities give diameters ${(difference / MICROARCSEC).toFixed(1)} µas apart`,
    });
    const scatter = (100 * measured.diameterErrorRad) / measured.diameterRad;
    const outcome = await judgeStage(startedMs, {
      name: 'ring',
      metric: { name: 'scatter of the diameter around the ring', value: scatter, unit: '%' },
      worst: 20,
      best: 10,
      message: `(${uas(measured.diameterRad)} ± ${uas(measured.diameterErrorRad)}) µas in the image, (${uas(fit.diameterRad)} ± ${uas(fit.diameterErrorRad)}) µas fitted to closure quantities`,
    });
    return { ring: { measured, fit }, outcome };
  },
);

const uas = (rad: number): string => (rad / MICROARCSEC).toFixed(1);
