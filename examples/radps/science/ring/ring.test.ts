import { describe, expect, it } from 'vitest';
import { ARCSEC, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { seededRandom } from '../numeric/random.ts';
import { emptyVisibilitySet } from '../observation/observation.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { besselJ } from './bessel.ts';
import { fitRing, ringVisibility } from './fit-visibilities.ts';
import type { RingModel } from './fit-visibilities.ts';
import { measureRing } from './measure-image.ts';

const UAS = 1e-6 * ARCSEC;
const truth: RingModel = {
  diameterRad: 42 * UAS,
  widthRad: 12 * UAS,
  asymmetry: 0.5,
  brightAngleRad: 2.8,
  asymmetry2: 0.1,
  brightAngle2Rad: 0.5,
};

/** The ring as many points. */
function ringPoints(ring: RingModel): { l: number; m: number; flux: number }[] {
  const points = [];
  const sigma = ring.widthRad / 2.3548200450309493;
  const random = seededRandom(2);
  for (let i = 0; i < 60_000; i++) {
    const angle = (2 * Math.PI * i) / 60_000;
    const flux =
      1 +
      ring.asymmetry * Math.cos(angle - ring.brightAngleRad) +
      ring.asymmetry2 * Math.cos(2 * (angle - ring.brightAngle2Rad));
    points.push({
      l: (ring.diameterRad / 2) * Math.sin(angle) + sigma * random.normal(),
      m: (ring.diameterRad / 2) * Math.cos(angle) + sigma * random.normal(),
      flux: flux / 60_000,
    });
  }
  return points;
}

describe('ring model', () => {
  it('has the Bessel functions of the tables', () => {
    expect(besselJ(0, 2.404825557695773)).toBeCloseTo(0, 9);
    expect(besselJ(1, 3.8317059702075125)).toBeCloseTo(0, 9);
    expect(besselJ(0, 1)).toBeCloseTo(0.7651976865579666, 9);
    expect(besselJ(2, 5)).toBeCloseTo(0.04656511627775222, 9);
    expect(besselJ(1, 10)).toBeCloseTo(0.04347274616886144, 8);
  });

  it('has the visibilities of a ring of points', () => {
    const points = ringPoints(truth);
    for (const [u, v] of [
      [1e9, 2e9],
      [-4e9, 3e9],
      [6e9, -1e9],
    ] as const) {
      let [re, im] = [0, 0];
      for (const { l, m, flux } of points) {
        const phase = -2 * Math.PI * (u * l + v * m);
        re += flux * Math.cos(phase);
        im += flux * Math.sin(phase);
      }
      const [modelRe, modelIm] = ringVisibility(truth, u, v);
      expect(Math.abs(modelRe - re)).toBeLessThan(0.01);
      expect(Math.abs(modelIm - im)).toBeLessThan(0.01);
    }
  });
});

/** Six stations over an Earth's width, twelve times, unknown gains at each time. */
function ringData(noise: number): VisibilitySet {
  const random = seededRandom(11);
  const hz = 230e9;
  const stations = [
    [0, 0],
    [5, 1],
    [-4, 3],
    [2, -5],
    [-3, -4],
    [6, 4],
  ].map(([x, y]) => [x! * 6e5, y! * 6e5] as const);
  const times = 12;
  const set = emptyVisibilitySet(times * 15, Float64Array.of(hz), ['I']);
  let row = 0;
  for (let time = 0; time < times; time++) {
    const turn = time * 0.25;
    const gains = stations.map(() => {
      const phase = 2 * Math.PI * random.uniform();
      const size = 1 + 0.2 * random.normal();
      return [size * Math.cos(phase), size * Math.sin(phase)] as const;
    });
    for (let i = 0; i < 6; i++) {
      for (let j = i + 1; j < 6; j++) {
        const dx = stations[j]![0] - stations[i]![0];
        const dy = stations[j]![1] - stations[i]![1];
        const metres = [
          dx * Math.cos(turn) - dy * Math.sin(turn),
          0.6 * (dx * Math.sin(turn) + dy * Math.cos(turn)),
        ];
        const [re, im] = ringVisibility(
          truth,
          (metres[0]! * hz) / SPEED_OF_LIGHT,
          (metres[1]! * hz) / SPEED_OF_LIGHT,
        );
        const gRe = gains[i]![0] * gains[j]![0] + gains[i]![1] * gains[j]![1];
        const gIm = gains[i]![1] * gains[j]![0] - gains[i]![0] * gains[j]![1];
        set.timeS[row] = 60 * time;
        set.scan[row] = time;
        set.antenna1[row] = i;
        set.antenna2[row] = j;
        set.uvwM.set([metres[0]!, metres[1]!, 0], 3 * row);
        set.data[2 * row] = gRe * re - gIm * im + noise * random.normal();
        set.data[2 * row + 1] = gRe * im + gIm * re + noise * random.normal();
        set.weight[row] = 1 / noise ** 2;
        row++;
      }
    }
  }
  return set;
}

describe('fitting a ring to visibilities', () => {
  it(
    'finds it whatever the gains of the stations are, within the error that it states',
    { timeout: 60_000 },
    () => {
      const fit = fitRing([ringData(0.003)], {
        antennas: 6,
        diametersRad: [36 * UAS],
        widthRad: 10 * UAS,
        shortWavelengths: 0,
        parts: 4,
      });
      expect(fit.reducedChiSquare).toBeLessThan(1.5);
      expect(fit.diameterErrorRad).toBeLessThan(2 * UAS);
      expect(Math.abs(fit.diameterRad - truth.diameterRad)).toBeLessThan(
        Math.max(0.5 * UAS, 3 * fit.diameterErrorRad),
      );
      expect(Math.abs(fit.widthRad - truth.widthRad)).toBeLessThan(2 * UAS);
      expect(Math.abs(fit.asymmetry - truth.asymmetry)).toBeLessThan(0.1);
      expect(Math.cos(fit.brightAngleRad - truth.brightAngleRad)).toBeGreaterThan(0.97);
    },
  );

  it('refuses data without closure quantities', () => {
    const set = ringData(0.01);
    set.flag.fill(1);
    expect(() =>
      fitRing([set], { antennas: 6, diametersRad: [UAS], widthRad: UAS, shortWavelengths: 0 }),
    ).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});

describe('measuring a ring in an image', () => {
  const size = 128;
  const cell = 2 * UAS;
  const beam = 15 * UAS;

  function image(east: number, north: number): Float64Array {
    const sigma = beam / 2.3548200450309493;
    const out = new Float64Array(size * size);
    for (let step = 0; step < 720; step++) {
      const angle = (2 * Math.PI * step) / 720;
      const flux = 1 + 0.5 * Math.cos(angle - 2.8);
      const l = east + 21 * UAS * Math.sin(angle);
      const m = north + 21 * UAS * Math.cos(angle);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const distance = ((size / 2 - x) * cell - l) ** 2 + ((y - size / 2) * cell - m) ** 2;
          if (distance < 20 * sigma * sigma)
            out[y * size + x]! += flux * Math.exp(-distance / (2 * sigma * sigma));
        }
      }
    }
    return out;
  }

  it('finds its centre, diameter and bright side, the blurring taken into account', () => {
    const ring = measureRing(image(8 * UAS, -5 * UAS), size, cell, { beamRad: beam, searchRad: 45 * UAS });
    expect(ring.diameterRad / UAS).toBeGreaterThan(40);
    expect(ring.diameterRad / UAS).toBeLessThan(44);
    expect(ring.apparentDiameterRad).toBeLessThan(ring.diameterRad);
    expect(ring.diameterErrorRad / UAS).toBeLessThan(4);
    expect(Math.abs(ring.centreEastRad / UAS - 8)).toBeLessThan(2.5);
    expect(Math.abs(ring.centreNorthRad / UAS + 5)).toBeLessThan(2.5);
    expect(Math.cos(ring.brightAngleRad - 2.8)).toBeGreaterThan(0.95);
    expect(ring.centralFraction).toBeLessThan(0.6);
  });

  it('refuses a search that does not fit the image', () => {
    expect(() =>
      measureRing(new Float64Array(size * size), size, cell, { beamRad: beam, searchRad: 1 }),
    ).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});
