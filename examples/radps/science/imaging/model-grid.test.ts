import { describe, expect, it } from 'vitest';
import { ARCSEC, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { yLayout } from '../simulate/array-layout.ts';
import { defaultSimulation, skyComponent } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { predictSky } from '../simulate/sky.ts';
import type { SkyComponent } from '../simulate/sky.ts';
import { selectChannel } from './channel-visibilities.ts';
import { normalisePlane } from './dirty-plane.ts';
import { gridChannel } from './grid-channel.ts';
import type { ImagingSetup } from './imaging-setup.ts';
import { predictChannel, predictModel, subtractModel } from './model-grid.ts';
import { suggestedWPlanes } from './w-stack.ts';

const { interference: _none, ...options } = defaultSimulation({ channels: 2, scans: 3, integrations: 3 });

/** A model image of single pixels, and the same as a sky. */
function pixels(
  setup: ImagingSetup,
  list: readonly (readonly [east: number, north: number, flux: number])[],
): { model: Float64Array; sky: SkyComponent[] } {
  const model = new Float64Array(setup.size ** 2);
  const sky = list.map(([east, north, flux], index) => {
    model[(setup.size / 2 + north) * setup.size + setup.size / 2 - east] = flux;
    const arcsec = setup.cellRad / ARCSEC;
    return skyComponent(String(index), east * arcsec, north * arcsec, flux, { spectralIndex: 0 });
  });
  return { model, sky };
}

describe('predicting visibilities from a model image', () => {
  it('agrees with the measurement equation', () => {
    const setup: ImagingSetup = {
      size: 128,
      cellRad: 4 * ARCSEC,
      weighting: { kind: 'natural' },
      wPlanes: 8,
    };
    const { model, sky } = pixels(setup, [
      [0, 0, 1],
      [30, -20, 0.5],
      [-45, 33, 0.7],
    ]);
    const set = simulateObservation({ ...options, fields: [{ ...options.fields[0]!, sky }] }).observation
      .sets[0]!;
    const truth = predictSky(set, sky);
    const found = predictModel(model, set, setup);
    for (let at = 0; at < truth.length; at += 7) expect(Math.abs(found[at]! - truth[at]!)).toBeLessThan(5e-3);
    const channel = selectChannel(set, 1);
    const predicted = predictChannel(model, channel, setup);
    for (let row = 0; row < set.rows; row += 11) {
      expect(predicted[2 * row]!).toBeCloseTo(truth[2 * (2 * row + 1)]!, 2);
      expect(predicted[2 * row + 1]!).toBeCloseTo(truth[2 * (2 * row + 1) + 1]!, 2);
    }
    expect(predictModel(model, set, setup, 5).every((value) => value === 0)).toBe(true);
  });

  it('leaves noise when the model is the truth', () => {
    const setup: ImagingSetup = { size: 128, cellRad: 4 * ARCSEC, weighting: { kind: 'natural' } };
    const { model, sky } = pixels(setup, [[10, 5, 3]]);
    const set = simulateObservation({ ...options, fields: [{ ...options.fields[0]!, sky }] }).observation
      .sets[0]!;
    const residual = normalisePlane(gridChannel(subtractModel(selectChannel(set, 0), model, setup), setup));
    const peak = residual.dirty.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak).toBeLessThan(6 * residual.thermalNoiseJy);
  });
});

describe('the w-term', () => {
  it('smears a source far from the centre, and w-stacking takes that out', () => {
    const wide = simulateObservation({
      ...options,
      noiseJy: 0.01,
      layout: yLayout({ antennasPerArm: 9, armLengthM: 590 }),
      fields: [
        {
          ...options.fields[0]!,
          decRad: 0.9,
          sky: [skyComponent('far', 2400, -2100, 1, { spectralIndex: 0 })],
        },
      ],
    }).observation.sets[0]!;
    const setup: ImagingSetup = { size: 512, cellRad: 12 * ARCSEC, weighting: { kind: 'natural' } };
    const channel = selectChannel(wide, 0);
    const planes = suggestedWPlanes(setup, channel.uvwM, SPEED_OF_LIGHT / channel.frequencyHz);
    expect(planes).toBeGreaterThan(4);
    expect(suggestedWPlanes({ ...setup, cellRad: ARCSEC / 10 }, channel.uvwM, 0.2)).toBe(1);
    const at = (256 - 175) * 512 + 256 - 200;
    const flat = normalisePlane(gridChannel(channel, setup));
    const corrected = normalisePlane(gridChannel(channel, { ...setup, wPlanes: planes }));
    expect(flat.dirty[at]).toBeLessThan(0.9);
    expect(corrected.dirty[at]).toBeGreaterThan(0.98);
    expect(corrected.dirty[at]).toBeLessThan(1.02);
  });
});
