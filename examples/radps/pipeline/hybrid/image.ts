import { flow, future, reduce, run, task } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import {
  cleanCompact,
  fitBeam,
  hybridPlan,
  normalisePlane,
  restoreImage,
  robustSpread,
} from '../../science/index.ts';
import type { Beam, DirtyPlane, HybridOptions } from '../../science/index.ts';
import { addPlanes, ARITY, channelsOf, gridChannelOfSet } from './cycle-steps.ts';
import type { Columns } from './cycle-steps.ts';
import { hybridKnobs, hybridOptions } from './hybrid-input.ts';
import type { HybridKnobs } from './hybrid-input.ts';
import type { Prepared } from './prepare.ts';
import { judgeStage } from './stage-outcome.ts';
import { blurOf } from './start.ts';
import type { Survey } from './survey.ts';

/** The finished image. Pixels are [y, x], east to the left, y growing to the north. */
export interface HybridImage {
  readonly size: number;
  readonly cellRad: number;
  readonly frequencyHz: number;
  /** The model blurred to `beam`, Jy/beam, without the residual. */
  readonly blurred: Float64Array;
  readonly beam: Beam;
  /** Jy/beam of `dirtyBeam`, fitted to the point-spread function. */
  readonly dirty: Float64Array;
  readonly residual: Float64Array;
  readonly dirtyBeam: Beam;
  /** Jy/pixel. */
  readonly model: Float64Array;
  readonly modelFluxJy: number;
  /** Robust standard deviation of the residual, Jy/beam. */
  readonly noiseJy: number;
  readonly thermalNoiseJy: number;
  /** Peak of the blurred image over the noise. */
  readonly snr: number;
  readonly iterations: number;
}

export interface Imaged {
  readonly image: HybridImage;
  readonly outcome: StageOutcome;
}

/** Only what is imaged goes on; it only looks up, so it stays on the flow's own thread. */
const takeChosen = task(
  { name: 'take-chosen', on: 'inline' },
  ({ starts, chosen }: Survey): readonly Columns[] => starts[chosen]?.columns ?? [],
);

/** The last CLEAN of the chosen start once more, for its dirty image and residual, which the cycles do not hand on. */
const finishImage = task(
  { name: 'finish-image', on: 'threads', persist: true },
  (planes: DirtyPlane, options: HybridOptions, knobs: HybridKnobs): HybridImage => {
    const { size, cellRad } = options.setup;
    const { dirty, psf, frequencyHz, thermalNoiseJy } = normalisePlane(planes);
    const clean = cleanCompact({ dirty, psf }, hybridPlan(options).length - 1, options);
    const beam = blurOf(knobs);
    const blurred = restoreImage(clean.model, new Float64Array(size * size), size, cellRad, beam);
    const noiseJy = robustSpread(clean.residual).sigma;
    const peakJy = blurred.reduce((most, value) => Math.max(most, value), 0);
    return {
      size,
      cellRad,
      frequencyHz,
      blurred,
      beam,
      dirty,
      residual: clean.residual,
      dirtyBeam: fitBeam(psf, 2 * size, cellRad),
      model: clean.model,
      modelFluxJy: clean.model.reduce((sum, value) => sum + value, 0),
      noiseJy,
      thermalNoiseJy,
      snr: noiseJy > 0 ? peakJy / noiseJy : 0,
      iterations: clean.iterations,
    };
  },
);

/** Stage: the image of the chosen start. */
export const imageChosen = flow(
  {
    name: 'image',
    input: { prepared: future<Prepared>(), surveyed: future<Survey>(), knobs: hybridKnobs },
  },
  async ({ prepared, surveyed, knobs }): Promise<Imaged> => {
    const { starts, chosen } = await surveyed;
    const startedMs = run.now();
    const { antennas } = await prepared;
    const options = hybridOptions(knobs, antennas, starts[chosen]?.startDiameterUas ?? 0);
    const columns = takeChosen(surveyed);
    const planes = gridChannelOfSet.map(channelsOf(await prepared), (channel) => [
      prepared,
      columns,
      channel,
      options,
    ]);
    const image = await finishImage(reduce(addPlanes, planes, { arity: ARITY }), options, knobs);
    const outcome = await judgeStage(startedMs, {
      name: 'dynamic range',
      metric: { name: 'peak over noise of the residual', value: image.snr, unit: '' },
      worst: 5,
      best: 30,
      message: `the peak stands ${image.snr.toFixed(0)} times above the noise of the residual`,
    });
    return { image, outcome };
  },
);
