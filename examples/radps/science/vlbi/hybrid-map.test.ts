import { describe, expect, it } from 'vitest';
import { restoreImage } from '../clean/restore.ts';
import { ARCSEC, DEGREE } from '../numeric/constants.ts';
import { seededRandom } from '../numeric/random.ts';
import { combineObservations } from '../observation/combine-observations.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { fitRing } from '../ring/fit-visibilities.ts';
import { measureRing } from '../ring/measure-image.ts';
import { defaultSimulation, skyComponent } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { ehtFiles } from '../test-data.ts';
import { readUvfits } from '../uvfits/read-uvfits.ts';
import { closureFit, closureGroups } from './closure.ts';
import { hybridMap } from './hybrid-map.ts';
import type { HybridMap } from './hybrid-map.ts';
import { startDiametersUas, vlbiImaging } from './hybrid-options.ts';
import { defaultVlbiPreparation, prepareVlbi } from './prepare.ts';

const UAS = 1e-6 * ARCSEC;

describe('hybrid mapping', () => {
  it('finds two sources through unknown phases, and says how well they agree with the closure phases', () => {
    const { interference: _none, ...base } = defaultSimulation({ channels: 1, scans: 6, integrations: 2 });
    const options = {
      ...base,
      noiseJy: 0.02,
      correlations: ['I'] as const,
      layout: {
        ...base.layout,
        stationsEnuM: base.layout.stationsEnuM.filter((_, index) => index % 3 !== 1),
      },
      fields: [{ ...base.fields[0]!, sky: [skyComponent('a', 0, 0, 1), skyComponent('b', 32, 40, 0.5)] }],
    };
    const { observation } = simulateObservation(options);
    const random = seededRandom(3);
    const phases = new Map<string, number>();
    const phaseOf = (time: number, antenna: number): number => {
      const key = `${time} ${antenna}`;
      if (!phases.has(key)) phases.set(key, 2 * Math.PI * random.uniform());
      return phases.get(key)!;
    };
    const set = observation.sets[0]!;
    for (let row = 0; row < set.rows; row++) {
      const turn =
        phaseOf(set.timeS[row]!, set.antenna1[row]!) - phaseOf(set.timeS[row]!, set.antenna2[row]!);
      const [re, im] = [set.data[2 * row]!, set.data[2 * row + 1]!];
      set.data[2 * row] = re * Math.cos(turn) - im * Math.sin(turn);
      set.data[2 * row + 1] = re * Math.sin(turn) + im * Math.cos(turn);
    }
    const antennas = observation.antennas.length;
    const map = hybridMap([set], {
      ...vlbiImaging,
      antennas,
      referenceAntenna: 0,
      setup: { size: 128, cellRad: 4 * ARCSEC, weighting: { kind: 'natural' } },
      startDiameterRad: 0,
      compactFluxJy: 1,
      maskDiameterRad: 200 * ARCSEC,
      shortWavelengths: 0,
      cycles: { phase: 12, amplitudeAll: 0, amplitudeScan: 0 },
    });
    const closure = map.cycles.map((cycle) => cycle.closure.phase);
    expect(closure.at(-1)!).toBeLessThan(3);
    expect(closure.at(-1)!).toBeLessThan(closure[0]! / 3);
    const at = (east: number, north: number): number => {
      let sum = 0;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) sum += map.clean.model[(64 + north + dy) * 128 + 64 - east + dx]!;
      }
      return sum;
    };
    expect(at(0, 0)).toBeGreaterThan(0.9);
    expect(at(8, 10)).toBeGreaterThan(0.45);
    expect(at(-8, -10)).toBeLessThan(0.05);
  });

  it('has a closure χ² that gains cannot change, and a model can', () => {
    const { interference: _none, ...base } = defaultSimulation({ channels: 1, scans: 2, integrations: 2 });
    const sky = [skyComponent('a', 0, 0, 1), skyComponent('b', 32, 40, 0.5)];
    const { observation } = simulateObservation({
      ...base,
      correlations: ['I'],
      noiseJy: 0.05,
      fields: [{ ...base.fields[0]!, sky }],
    });
    const good = simulateObservation({
      ...base,
      correlations: ['I'],
      noiseJy: 1e-6,
      fields: [{ ...base.fields[0]!, sky }],
    });
    const set = observation.sets[0]!;
    const model = good.observation.sets[0]!.data;
    const fit = (data: VisibilitySet): number =>
      closureFit(closureGroups([data], 27), (_, { sample }) => [model[2 * sample]!, model[2 * sample + 1]!])
        .full;
    expect(fit(set)).toBeGreaterThan(0.85);
    expect(fit(set)).toBeLessThan(1.15);
    const turned = { ...set, data: set.data.slice(), weight: set.weight.slice() };
    for (let row = 0; row < set.rows; row++) {
      const factor = set.antenna1[row] === 4 || set.antenna2[row] === 4 ? 1.7 : 1;
      turned.data[2 * row]! *= factor;
      turned.data[2 * row + 1]! *= factor;
      turned.weight[row]! /= factor ** 2;
    }
    expect(fit(turned)).toBeCloseTo(fit(set), 3);
    const flat = closureFit(closureGroups([set], 27), () => [1, 0]).full;
    expect(flat).toBeGreaterThan(3 * fit(set));
  });
});

const eht = ehtFiles();
if (eht === undefined)
  console.warn('SKIPPED: the M87 test; set SIDEREAL_TEST_DATA to a folder that has eht-m87-2017');

describe.skipIf(eht === undefined)('M87 in April 2017', { timeout: 180_000 }, () => {
  it('shows a ring of about 42 µas, bright in the south, with a dark centre', async () => {
    const observation = combineObservations([await readUvfits(eht!.low), await readUvfits(eht!.high)]);
    const sets = prepareVlbi(observation, defaultVlbiPreparation);
    const antennas = observation.antennas.length;
    let best: HybridMap | undefined;
    for (const start of [startDiametersUas[1]!, startDiametersUas[5]!, startDiametersUas[7]!]) {
      const map = hybridMap(sets, {
        ...vlbiImaging,
        antennas,
        referenceAntenna: 0,
        startDiameterRad: start * UAS,
      });
      if (best === undefined || map.cycles.at(-1)!.closure.full < best.cycles.at(-1)!.closure.full)
        best = map;
    }
    expect(best!.cycles.at(-1)!.closure.full).toBeLessThan(2);
    const { size, cellRad } = vlbiImaging.setup;
    const beam = { majorRad: 20 * UAS, minorRad: 20 * UAS, positionAngleRad: 0 };
    const image = restoreImage(best!.clean.model, new Float64Array(size * size), size, cellRad, beam);
    const ring = measureRing(image, size, cellRad, { beamRad: 20 * UAS, searchRad: 50 * UAS });
    expect(ring.diameterRad / UAS).toBeGreaterThan(38);
    expect(ring.diameterRad / UAS).toBeLessThan(46);
    expect(ring.diameterErrorRad / UAS).toBeLessThan(8);
    expect(ring.centralFraction).toBeLessThan(0.6);
    expect(Math.cos(ring.brightAngleRad - 180 * DEGREE)).toBeGreaterThan(0.7);

    const fit = fitRing(sets, {
      antennas,
      diametersRad: [40 * UAS],
      widthRad: 15 * UAS,
      shortWavelengths: vlbiImaging.shortWavelengths,
      parts: 3,
    });
    expect(Math.abs(fit.diameterRad / UAS - 42)).toBeLessThan(3);
    expect(Math.cos(fit.brightAngleRad - 180 * DEGREE)).toBeGreaterThan(0.7);
  });
});
