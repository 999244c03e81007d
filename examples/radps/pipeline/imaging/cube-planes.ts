import { basename } from 'node:path';
import { task } from 'sidereal';
import {
  completeCubeFile,
  createCubeFile,
  normalisePlane,
  restoreImage,
  robustSpread,
  writeCubePlane,
} from '../../science/index.ts';
import type { Beam, CubeFile, FitsImageHeader, ImagingSetup } from '../../science/index.ts';
import { failAtRandom } from '../failures/mock-failure.ts';
import type { MockFailures } from '../failures/mock-failure.ts';
import { RETRIES } from '../retries.ts';
import type { FieldWindow } from '../visibilities.ts';
import { channelDirection } from './channel-direction.ts';
import type { ChannelModel } from './channel-direction.ts';
import { modelOf } from './clean-components.ts';
import { setupFor } from './image-plan.ts';
import type { ImagingSettings } from './imaging-settings.ts';
import { productHeader } from './product-header.ts';

/** "Prepare": the plan of the channels of one window. */
export const planCube = task(
  { name: 'plan-cube', on: 'threads' },
  ({ set }: FieldWindow, geometry: Pick<ImagingSettings, 'size' | 'cellArcsec' | 'robust'>): ImagingSetup =>
    setupFor([set], geometry),
);

/** A cube under way, and the header that it will have. */
export interface CubeUnderWay {
  readonly file: CubeFile;
  readonly header: FitsImageHeader;
}

/** Makes room for a cube of all channels of a window. */
export const beginCube = task(
  { name: 'begin-cube', on: 'threads', retries: RETRIES },
  async (
    path: string,
    window: FieldWindow,
    { size, cellRad }: ImagingSetup,
    beam: Beam,
    history: readonly string[],
  ): Promise<CubeUnderWay> => {
    const { bandwidthHz, ...product } = productHeader([window], history);
    const [first = 0, second] = window.set.frequencyHz;
    const header: FitsImageHeader = {
      ...product,
      size,
      cellRad,
      planes: window.set.channels,
      lowest: 0,
      highest: 0,
      frequencyHz: first,
      frequencyStepHz: second === undefined ? bandwidthHz : second - first,
      unit: 'JY/BEAM',
      beam,
    };
    return { file: await createCubeFile(path, header), header };
  },
);

/** What one plane of a cube is like, Jy/beam. */
export interface PlaneExtent {
  readonly lowest: number;
  readonly highest: number;
  readonly noiseJy: number;
}

/**
 * Makes one plane of a cube, restored with the beam of all, and writes it where it belongs: what is left of the
 * channel is imaged once more, so that no task before had to keep it. A channel without data is blank.
 */
export const writePlane = task(
  { name: 'write-plane', on: 'threads', retries: RETRIES },
  async (
    { file }: CubeUnderWay,
    window: FieldWindow,
    model: ChannelModel,
    setup: ImagingSetup,
    beam: Beam,
  ): Promise<PlaneExtent | null> => {
    const sums = channelDirection(window, model, { part: 0, parts: 1 }, setup);
    if (!(sums.weightSum > 0)) {
      await writeCubePlane(file, model.channel, new Float64Array(setup.size * setup.size).fill(Number.NaN));
      return null;
    }
    const { dirty } = normalisePlane(sums);
    const { size, cellRad } = setup;
    const plane = restoreImage(modelOf(model.components, size), dirty, size, cellRad, beam);
    await writeCubePlane(file, model.channel, plane);
    let lowest = Infinity;
    let highest = -Infinity;
    for (const value of plane) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    return { lowest, highest, noiseJy: robustSpread(dirty).sigma };
  },
);

/** Writes the header of a cube whose planes are all there, and gives it its name. */
export const completeCube = task(
  { name: 'complete-cube', on: 'threads', retries: RETRIES },
  async (
    { file, header }: CubeUnderWay,
    { lowest, highest }: Pick<PlaneExtent, 'lowest' | 'highest'>,
    failures: MockFailures,
  ): Promise<CubeUnderWay> => {
    failAtRandom(failures, 'cube', basename(file.path));
    const whole = { ...header, lowest, highest };
    await completeCubeFile(file, whole);
    return { file, header: whole };
  },
);
