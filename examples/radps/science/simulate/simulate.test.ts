import { describe, expect, it } from 'vitest';
import { ARCSEC, DEGREE } from '../numeric/constants.ts';
import { equatorialToUvw, fromDirectionCosines, toDirectionCosines } from '../numeric/coordinates.ts';
import { robustSpread } from '../numeric/robust.ts';
import { baselineRange, emptyVisibilitySet } from '../observation/observation.ts';
import { yLayout } from './array-layout.ts';
import { defaultSimulation, evenChannels, skyComponent } from './default-observation.ts';
import { simulatedHeader, simulateObservation, simulateWindow } from './simulate.ts';
import { predictSky } from './sky.ts';
import { localSiderealTimeRad } from './tracks.ts';

describe('simulator', () => {
  const options = defaultSimulation({ channels: 4, scans: 1, integrations: 12 });
  const { observation, interference } = simulateObservation(options);
  const set = observation.sets[0]!;

  it('is the same for the same seed, and another for another', () => {
    expect(simulateObservation(options).observation.sets[0]!.data).toEqual(set.data);
    expect(simulateObservation({ ...options, seed: 2 }).observation.sets[0]!.data).not.toEqual(set.data);
  });

  it('makes a window alone as it makes it with others', () => {
    const two = {
      ...options,
      spectralWindows: [options.spectralWindows[0]!, evenChannels('b', 1.5e9, 2e6, 2)],
    };
    const alone = simulateWindow(two, 1);
    expect(alone.set.data).toEqual(simulateObservation(two).observation.sets[1]!.data);
    expect(alone.set.channels).toBe(2);
    const { sets: _sets, ...header } = simulateObservation(two).observation;
    expect(simulatedHeader(two)).toEqual(header);
    expect(() => simulateWindow(two, 2)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });

  it('tracks every baseline at every integration', () => {
    expect(observation.antennas).toHaveLength(27);
    expect(set.rows).toBe(351 * 12);
    const { shortestM, longestM } = baselineRange(set);
    expect(longestM).toBeGreaterThan(2000);
    expect(longestM).toBeLessThan(3 * 1600);
    expect(shortestM).toBeGreaterThan(10);
    const start = localSiderealTimeRad(set.timeS[0]! - options.integrationS / 2, options.layout.longitudeRad);
    const hourAngle = (start - options.fields[0]!.raRad) / DEGREE;
    expect((((hourAngle + 45) % 360) + 360) % 360).toBeCloseTo(0, 6);
  });

  it('closes every triangle of u, v, w', () => {
    const find = (a: number, b: number): number => {
      for (let row = 0; row < set.rows; row++) {
        if (set.antenna1[row] === a && set.antenna2[row] === b) return row;
      }
      throw new Error('no such baseline');
    };
    for (let axis = 0; axis < 3; axis++) {
      const sum =
        set.uvwM[3 * find(2, 9) + axis]! +
        set.uvwM[3 * find(9, 20) + axis]! -
        set.uvwM[3 * find(2, 20) + axis]!;
      expect(sum).toBeCloseTo(0, 6);
    }
  });

  it('has the noise that it says, on samples without interference', () => {
    const clean = set.data.slice();
    for (const [field, { sky }] of options.fields.entries()) {
      const model = predictSky(set, sky, field);
      for (let s = 0; s < set.rows * set.channels; s++) {
        for (let c = 0; c < 2; c++) {
          clean[2 * (2 * s + c)]! -= model[2 * s]!;
          clean[2 * (2 * s + c) + 1]! -= model[2 * s + 1]!;
        }
      }
    }
    const quiet = clean.filter((_, index) => interference[0]![index >> 1] === 0);
    const loud = clean.filter((_, index) => interference[0]![index >> 1] === 1);
    expect(robustSpread(quiet).sigma).toBeCloseTo(options.noiseJy, 2);
    expect(Math.abs(robustSpread(quiet).median)).toBeLessThan(0.02);
    expect(robustSpread(loud).sigma).toBeGreaterThan(5);
    expect(set.weight[0]).toBeCloseTo(1 / options.noiseJy ** 2, 6);
  });

  it('refuses an observation of nothing', () => {
    expect(() => simulateObservation({ ...options, spectralWindows: [] })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
    expect(() => simulateObservation({ ...options, noiseJy: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
    expect(() => yLayout({ antennasPerArm: 1, armLengthM: 10 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});

describe('sky prediction', () => {
  it('gives the phase −2π(ul + vm + w(n − 1)) and the falling amplitude of a Gaussian', () => {
    const set = emptyVisibilitySet(1, Float64Array.of(1e9, 1.1e9, 1.35e9), ['I']);
    set.uvwM.set([1200, -500, 300]);
    const [east, north] = [40, -25];
    const sky = [skyComponent('x', east, north, 2, { spectralIndex: 0, fwhmArcsec: 10 })];
    const model = predictSky(set, sky);
    for (const [channel, hz] of set.frequencyHz.entries()) {
      const [u, v, w] = [1200, -500, 300].map((metres) => (metres * hz) / 299792458) as [
        number,
        number,
        number,
      ];
      const l = east * ARCSEC;
      const m = north * ARCSEC;
      const phase = -2 * Math.PI * (u * l + v * m + w * (Math.sqrt(1 - l * l - m * m) - 1));
      const sigma = (10 * ARCSEC) / 2.3548200450309493;
      const amplitude = 2 * Math.exp(-2 * (Math.PI * sigma) ** 2 * (u * u + v * v));
      expect(model[2 * channel]).toBeCloseTo(amplitude * Math.cos(phase), 6);
      expect(model[2 * channel + 1]).toBeCloseTo(amplitude * Math.sin(phase), 6);
    }
  });

  it('puts a line into its channels only', () => {
    const hz = Float64Array.from({ length: 21 }, (_, i) => 1.42e9 + (i - 10) * 1e5);
    const set = emptyVisibilitySet(1, hz, ['I']);
    const sky = [{ ...skyComponent('line', 0, 0, 0), line: { peakJy: 3, centreHz: 1.42e9, fwhmHz: 2e5 } }];
    const model = predictSky(set, sky);
    expect(model[20]).toBeCloseTo(3, 6);
    expect(model[22]).toBeCloseTo(1.5, 6);
    expect(Math.abs(model[0]!)).toBeLessThan(1e-6);
  });
});

describe('coordinates', () => {
  it('goes to direction cosines and back', () => {
    const centre = { raRad: 6.2, decRad: 0.9 };
    const there = fromDirectionCosines({ l: 0.01, m: -0.02 }, centre);
    const back = toDirectionCosines(there, centre);
    expect(back.l).toBeCloseTo(0.01, 12);
    expect(back.m).toBeCloseTo(-0.02, 12);
  });

  it('sees an east–west baseline as pure u on the meridian', () => {
    const [u, v, w] = equatorialToUvw([0, 100, 0], 0, 0.4);
    expect(u).toBeCloseTo(100, 9);
    expect(v).toBeCloseTo(0, 9);
    expect(w).toBeCloseTo(0, 9);
  });
});
