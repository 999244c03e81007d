import { describe, expect, it } from 'vitest';
import { ARCSEC, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { seededRandom } from '../numeric/random.ts';
import { robustSpread } from '../numeric/robust.ts';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { selectChannel } from './channel-visibilities.ts';
import type { ChannelVisibilities } from './channel-visibilities.ts';
import { combinePlanes, normalisePlane } from './dirty-plane.ts';
import { gridChannel, gridChannels } from './grid-channel.ts';
import type { ImagingSetup } from './imaging-setup.ts';
import { griddingCorrection, griddingKernel, spheroidal } from './spheroidal.ts';
import { addDensities, channelDensity } from './weighting.ts';

const { interference: _quiet, ...options } = defaultSimulation({ channels: 4, scans: 3, integrations: 4 });
const set = simulateObservation(options).observation.sets[0]!;
const setup = { size: 128, cellRad: 4 * ARCSEC, weighting: { kind: 'natural' } } as const;

/** The sums that gridding approximates, by their definition. */
function directImage(channel: ChannelVisibilities, x: number, y: number): { dirty: number; psf: number } {
  const l = (setup.size / 2 - x) * setup.cellRad;
  const m = (y - setup.size / 2) * setup.cellRad;
  let [dirty, psf] = [0, 0];
  for (let i = 0; i < channel.count; i++) {
    const turns =
      ((channel.uvwM[3 * i]! * l + channel.uvwM[3 * i + 1]! * m) * channel.frequencyHz) / SPEED_OF_LIGHT;
    const [cos, sin] = [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];
    dirty += channel.weight[i]! * (channel.data[2 * i]! * cos - channel.data[2 * i + 1]! * sin);
    psf += channel.weight[i]! * cos;
  }
  return { dirty, psf };
}

describe('gridding function', () => {
  it('has as its transform the spheroidal function of the same kind, as theory demands', () => {
    const size = 256;
    const correction = griddingCorrection(size);
    for (let offset = 0; offset <= size / 2; offset += 8) {
      const eta = (2 * offset) / size;
      expect(correction[offset]! / correction[0]!).toBeCloseTo(spheroidal(eta) / spheroidal(0), 4);
    }
  });

  it('keeps aliases from outside the field down by more than a thousand', () => {
    const transform = (cycles: number): number => {
      let sum = 0;
      for (let x = -3; x < 3; x += 0.001)
        sum += griddingKernel(x) * Math.cos(2 * Math.PI * x * cycles) * 0.001;
      return Math.abs(sum);
    };
    for (let outside = 0.75; outside < 3; outside += 0.05) {
      expect(transform(outside) / transform(0)).toBeLessThan(1e-3);
    }
  });
});

describe('gridding a channel', () => {
  const channel = selectChannel(set, 1);
  const plane = gridChannel(channel, setup);

  it('agrees with the direct sum over all visibilities, to the edge of the image', () => {
    for (const [x, y] of [
      [64, 64],
      [5, 110],
      [0, 0],
      [127, 1],
      [80, 37],
    ] as const) {
      const { dirty, psf } = directImage(channel, x, y);
      expect(Math.abs(plane.dirty[y * 128 + x]! - dirty) / plane.weightSum).toBeLessThan(2e-4);
      expect(Math.abs(plane.psf[(y + 64) * 256 + x + 64]! - psf) / plane.weightSum).toBeLessThan(1e-4);
    }
    const image = normalisePlane(plane);
    expect(image.psf[128 * 256 + 128]).toBeCloseTo(1, 4);
    expect(image.frequencyHz).toBeCloseTo(1.402e9, 0);
    expect(image.visibilities).toBe(set.rows);
  });

  it('adds up over channels in any order, and to one image with a common density', () => {
    const weighting = { kind: 'briggs', robust: 0 } as const;
    const parts = [0, 1, 2].map((index) => selectChannel(set, index));
    const density = parts.map((part) => channelDensity(part, { ...setup, weighting })).reduce(addDensities);
    const [a, b, c] = parts.map((part) => gridChannel(part, { ...setup, weighting }, density));
    const left = combinePlanes(combinePlanes(a!, b!), c!);
    const right = combinePlanes(a!, combinePlanes(b!, c!));
    expect(left.weightSum).toBeCloseTo(right.weightSum, 6);
    expect(left.visibilities).toBe(3 * set.rows);
    for (let i = 0; i < 16384; i += 97) expect(left.dirty[i]).toBeCloseTo(right.dirty[i]!, 6);
    expect(normalisePlane(left).frequencyHz).toBeCloseTo(1.402e9, -6);
    expect(() => combinePlanes(a!, { ...b!, size: 32 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });

  it.each([1, 6])('gives channels together, with %d w-planes, as the sum of their planes', (wPlanes) => {
    const channels = [0, 1, 2].map((index) => selectChannel(set, index));
    const planned: ImagingSetup = {
      size: 64,
      cellRad: 10 * ARCSEC,
      weighting: { kind: 'briggs', robust: 0 },
      wPlanes,
    };
    const density = channels.map((one) => channelDensity(one, planned)).reduce(addDensities);
    const apart = channels.map((one) => gridChannel(one, planned, density)).reduce(combinePlanes);
    const together = gridChannels(channels, planned);
    expect(together.visibilities).toBe(apart.visibilities);
    expect(together.weightSum / apart.weightSum).toBeCloseTo(1, 12);
    const tolerance = wPlanes === 1 ? 1e-9 : 2e-3;
    for (const [at, value] of together.dirty.entries())
      expect(Math.abs(value - apart.dirty[at]!)).toBeLessThan(tolerance * apart.weightSum);
    for (const [at, value] of together.psf.entries())
      expect(Math.abs(value - apart.psf[at]!)).toBeLessThan(1e-9 * apart.weightSum);
    expect(gridChannels([], planned).weightSum).toBe(0);
  });

  it('has the noise that the weights promise', () => {
    const random = seededRandom(3);
    const noise = {
      ...channel,
      data: channel.data.map(() => random.normal() * 2),
      weight: channel.weight.map(() => 0.25),
    };
    for (const weighting of [
      { kind: 'natural' },
      { kind: 'briggs', robust: 0 },
      { kind: 'uniform' },
    ] as const) {
      const image = normalisePlane(gridChannel(noise, { ...setup, weighting }));
      expect(robustSpread(image.dirty).sigma / image.thermalNoiseJy).toBeGreaterThan(0.9);
      expect(robustSpread(image.dirty).sigma / image.thermalNoiseJy).toBeLessThan(1.1);
    }
  });

  it('goes from natural through Briggs to uniform: more noise, lower near sidelobes', () => {
    const fine = { ...setup, size: 256, cellRad: 3 * ARCSEC };
    const images = ([{ kind: 'natural' }, { kind: 'briggs', robust: 0.5 }, { kind: 'uniform' }] as const).map(
      (weighting) => normalisePlane(gridChannel(channel, { ...fine, weighting })),
    );
    const noise = images.map(({ thermalNoiseJy }) => thermalNoiseJy);
    expect(noise[0]!).toBeLessThan(noise[1]!);
    expect(noise[1]!).toBeLessThan(noise[2]!);
    // Width of the main lobe: pixels above one half.
    const lobe = images.map(({ psf }) => psf.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0));
    expect(lobe[0]!).toBeGreaterThan(lobe[1]!);
    expect(lobe[1]!).toBeGreaterThanOrEqual(lobe[2]!);
    const robust = (value: number): number =>
      normalisePlane(gridChannel(channel, { ...fine, weighting: { kind: 'briggs', robust: value } }))
        .thermalNoiseJy;
    expect(robust(5)).toBeCloseTo(noise[0]!, 6);
    expect(robust(-5)).toBeCloseTo(noise[2]!, 6);
  });

  it('says how much did not fit, and refuses an image of nothing', () => {
    const coarse = gridChannel(channel, { ...setup, cellRad: 60 * ARCSEC });
    expect(coarse.outside).toBeGreaterThan(0);
    expect(coarse.outside + coarse.visibilities).toBe(set.rows);
    const nothing = selectChannel(set, 0, { flag: new Uint8Array(set.flag.length).fill(1) });
    expect(nothing.count).toBe(0);
    expect(() => normalisePlane(gridChannel(nothing, setup))).toThrow(
      expect.objectContaining({ code: 'NO_USABLE_DATA' }),
    );
    expect(() => gridChannel(channel, { ...setup, size: 100 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
    expect(() => selectChannel(set, 99)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });

  it('averages the hands by weight and takes one where the other is flagged', () => {
    const flag = set.flag.slice();
    const sample = 2; // row 0, channel 1, first hand of two
    flag[sample] = 1;
    const one = selectChannel(set, 1, { flag });
    expect(one.data[0]).toBeCloseTo(set.data[2 * (sample + 1)]!, 6);
    expect(one.weight[0]).toBeCloseTo(set.weight[sample + 1]!, 6);
    expect(channel.weight[0]).toBeCloseTo(2 * set.weight[sample]!, 6);
    expect(channel.data[0]).toBeCloseTo((set.data[2 * sample]! + set.data[2 * sample + 2]!) / 2, 6);
  });
});
