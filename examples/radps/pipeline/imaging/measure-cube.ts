import { task } from 'sidereal';
import { readCubePlanes, writeFitsImage } from '../../science/index.ts';
import { RETRIES } from '../retries.ts';
import type { CubeUnderWay } from './cube-planes.ts';

/** The brightest pixel of a cube, and the spectrum there. */
export interface CubePeak {
  /** Direction cosines from the centre, rad. */
  readonly l: number;
  readonly m: number;
  readonly channel: number;
  readonly jy: number;
  /** [channel] Jy/beam; null where a channel is blank. */
  readonly spectrumJy: readonly (number | null)[];
}

/**
 * Reads a complete cube, a plane at a time, and writes the image of its highest values along frequency. Finds the
 * brightest pixel and the spectrum there.
 */
export const measureCube = task(
  { name: 'measure-cube', on: 'threads', retries: RETRIES },
  async ({ file, header }: CubeUnderWay, peakMapPath: string): Promise<CubePeak> => {
    const { size, planes } = file;
    const map = new Float64Array(size * size).fill(Number.NaN);
    let best = { jy: -Infinity, pixel: 0, channel: 0 };
    let channel = 0;
    for await (const plane of readCubePlanes(file)) {
      for (const [pixel, value] of plane.entries()) {
        // Of a pixel that is blank so far any value is the highest.
        if (!Number.isNaN(value) && !(value <= (map[pixel] ?? value - 1))) map[pixel] = value;
        if (value > best.jy) best = { jy: value, pixel, channel };
      }
      channel++;
    }
    const spectrumJy: (number | null)[] = [];
    for await (const plane of readCubePlanes(file)) {
      const value = plane[best.pixel] ?? Number.NaN;
      spectrumJy.push(Number.isNaN(value) ? null : value);
    }
    const {
      frequencyHz,
      frequencyStepHz,
      planes: _planes,
      lowest: _lowest,
      highest: _highest,
      ...rest
    } = header;
    const middleHz = frequencyHz + ((planes - 1) / 2) * frequencyStepHz;
    const bandwidthHz = planes * Math.abs(frequencyStepHz);
    await writeFitsImage(peakMapPath, {
      ...rest,
      planes: [map],
      frequencyHz: middleHz,
      frequencyStepHz: bandwidthHz,
      history: [...header.history, 'highest value along frequency'],
    });
    const x = best.pixel % size;
    const y = Math.floor(best.pixel / size);
    const l = (size / 2 - x) * header.cellRad;
    const m = (y - size / 2) * header.cellRad;
    return { l, m, channel: best.channel, jy: best.jy, spectrumJy };
  },
);
