import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFitsImage } from '../fits/image-file.ts';
import { selectChannel } from '../imaging/channel-visibilities.ts';
import { normalisePlane } from '../imaging/dirty-plane.ts';
import { gridChannel } from '../imaging/grid-channel.ts';
import { ARCSEC } from '../numeric/constants.ts';
import { defaultSimulation, skyComponent } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { cleanChannel, commonBeam, spectrumAt, writeCube } from './write-cube.ts';

describe('cube', () => {
  it('has the spectrum of a line, one beam, and frequencies in its header', async () => {
    const { interference: _none, ...base } = defaultSimulation({ channels: 5, scans: 4, integrations: 4 });
    const line = { peakJy: 1, centreHz: 1.404e9, fwhmHz: 3e6 };
    const sky = [{ ...skyComponent('L', 60, -90, 0, { spectralIndex: 0 }), line }];
    const { observation } = simulateObservation({
      ...base,
      noiseJy: 0.2,
      fields: [{ ...base.fields[0]!, sky }],
    });
    const set = observation.sets[0]!;
    const setup = { size: 128, cellRad: 5 * ARCSEC, weighting: { kind: 'natural' } } as const;
    const dirty = Array.from({ length: 5 }, (_, channel) =>
      normalisePlane(gridChannel(selectChannel(set, channel), setup)),
    );
    const beam = commonBeam(dirty);
    const channels = dirty.map((image) => cleanChannel(image, beam));
    const folder = await mkdtemp(join(tmpdir(), 'cube-'));
    const header = {
      object: 'x',
      telescope: 'y',
      observer: 'z',
      centre: observation.fields[0]!,
      timeS: set.timeS[0]!,
      bandwidthHz: 2e6,
      history: [],
    };
    await writeCube(join(folder, 'cube.fits'), channels, header);
    const cube = await readFitsImage(join(folder, 'cube.fits'));
    expect(cube.planes).toHaveLength(5);
    expect(cube.frequencyHz).toBeCloseTo(1.4e9, 0);
    expect(cube.frequencyStepHz).toBeCloseTo(2e6, 0);
    expect(cube.beam!.majorRad).toBeCloseTo(beam.majorRad, 12);
    const spectrum = spectrumAt(cube.planes, cube, 60 * ARCSEC, -90 * ARCSEC);
    for (const [channel, value] of spectrum.entries()) {
      const offset = ((1.4e9 + channel * 2e6 - line.centreHz) / line.fwhmHz) * 2.3548200450309493;
      expect(Math.abs(value - Math.exp(-0.5 * offset * offset))).toBeLessThan(0.05);
    }
    expect(spectrumAt(cube.planes, cube, 1, 1)[0]).toBeNaN();
    await expect(
      writeCube(join(folder, 'bad.fits'), channels.toReversed().slice(1).concat(channels), header),
    ).rejects.toMatchObject({
      code: 'BAD_PARAMETER',
    });
    await rm(folder, { recursive: true });
  });
});
