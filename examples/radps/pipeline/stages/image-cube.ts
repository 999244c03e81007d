import { join } from 'node:path';
import { flow } from 'sidereal';
import { z } from 'zod';
import { median } from '../../science/index.ts';
import type { Beam } from '../../science/index.ts';
import { beginCube, completeCube, planCube, writePlane } from '../imaging/cube-planes.ts';
import { imagingHistory, imagingSettings } from '../imaging/imaging-settings.ts';
import { measureCube } from '../imaging/measure-cube.ts';
import { solveCube } from '../imaging/solve-cube.ts';
import type { StageOutputs } from '../products/stage-outputs.ts';
import { fileName, openVisibilities } from '../visibilities.ts';
import type { SubtractedWindow } from './subtract-continuum.ts';

/** A cube, and how its noise compares with what is possible. */
export interface ImagedCube {
  readonly cube: StageOutputs['cube']['cubes'][number];
  readonly thermalNoiseJy: number;
  /** Channels without data. */
  readonly blank: number;
}

/**
 * Stage in the stage: the cube of one field in one spectral window, CLEANed channel by channel and written plane by
 * plane. Its visibilities are in memory as long as it runs, and no longer.
 */
export const imageCube = flow(
  {
    name: 'image-cube',
    input: z.object({
      subtracted: z.custom<SubtractedWindow>(),
      /** Folder of the cube stage, which has the visibilities and gets the cube. */
      folder: z.string(),
      settings: imagingSettings,
    }),
  },
  async ({ subtracted, folder, settings }): Promise<ImagedCube> => {
    const { file, frequencyHz } = subtracted;
    const { field, fieldIndex, spw } = file;
    const { size, cellArcsec, robust, failures } = settings;
    const window = openVisibilities(folder, file);
    const setup = planCube(window, { size, cellArcsec, robust });
    const solved = await solveCube(window, setup, frequencyHz.length, settings);

    const beam = widestBeam(solved.channels.flatMap((channel) => channel.beam ?? []));
    const name = `cubes/${fileName(field)}.spw${spw}`;
    const path = (kind: string): string => `${name}.${kind}.fits`;
    const history = [
      ...imagingHistory(settings),
      'continuum subtracted',
      'one beam for all channels, the widest',
    ];
    const begun = beginCube(join(folder, path('cube')), window, setup, beam, history);
    const planes = await writePlane.map(solved.channels, ({ channel, components }) => [
      begun,
      window,
      { channel, components },
      setup,
      beam,
    ]);
    const written = planes.filter((plane) => plane !== null);
    const extent = {
      lowest: Math.min(...written.map(({ lowest }) => lowest)),
      highest: Math.max(...written.map(({ highest }) => highest)),
    };
    const whole = completeCube(begun, extent, failures);
    const { spectrumJy, ...peak } = await measureCube(whole, join(folder, path('peak')));
    const noiseJy = median(written.map((plane) => plane.noiseJy));
    const { cellRad } = await setup;
    return {
      cube: {
        field,
        fieldIndex,
        spw,
        cube: path('cube'),
        peakMap: path('peak'),
        size,
        cellRad,
        beam,
        frequencyHz: [...frequencyHz],
        noiseJy,
        peak,
        spectrumJy: [...spectrumJy],
        snr: peak.jy / noiseJy,
        cycles: [...solved.cycles],
        reason: solved.reason,
      },
      thermalNoiseJy: median(
        solved.channels.filter(({ isEmpty }) => !isEmpty).map((channel) => channel.thermalNoiseJy),
      ),
      blank: planes.length - written.length,
    };
  },
);

/** The widest of the channels' beams: a common one that none of them is sharper than. */
function widestBeam(beams: readonly Beam[]): Beam {
  const [first, ...rest] = beams;
  if (first === undefined)
    throw new RangeError('no channel has a beam: too little data, or pixels too large');
  return rest.reduce((widest, beam) => (beam.majorRad > widest.majorRad ? beam : widest), first);
}
