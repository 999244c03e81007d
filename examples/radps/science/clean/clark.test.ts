import { describe, expect, it } from 'vitest';
import { selectChannel } from '../imaging/channel-visibilities.ts';
import { normalisePlane } from '../imaging/dirty-plane.ts';
import { gridChannel } from '../imaging/grid-channel.ts';
import { ARCSEC } from '../numeric/constants.ts';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { cleanClark } from './clark.ts';
import { continueDeconvolution, deconvolve } from './deconvolve.ts';
import { cleanHogbom } from './hogbom.ts';

describe('Clark CLEAN', () => {
  const { interference: _none, ...options } = defaultSimulation({ channels: 1, scans: 6, integrations: 5 });
  const set = simulateObservation(options).observation.sets[0]!;
  const image = normalisePlane(
    gridChannel(selectChannel(set, 0), {
      size: 256,
      cellRad: 3 * ARCSEC,
      weighting: { kind: 'briggs', robust: 0 },
    }),
  );
  const start = { residual: image.dirty, model: new Float64Array(256 * 256) };
  const settings = { gain: 0.1, maxIterations: 3000, thresholdJy: 4 * image.thermalNoiseJy };
  const clark = cleanClark(start, image.psf, 256, settings);

  it('comes to the same flux as Högbom, to within the threshold', () => {
    const hogbom = cleanHogbom(start, image.psf, 256, settings);
    expect(clark.stop).toBe('threshold');
    expect(hogbom.stop).toBe('threshold');
    const flux = (model: Float64Array, x: number, y: number): number => {
      let sum = 0;
      for (let dy = -4; dy <= 4; dy++)
        for (let dx = -4; dx <= 4; dx++) sum += model[(y + dy) * 256 + x + dx]!;
      return sum;
    };
    for (const { l, m, fwhmRad } of options.fields[0]!.sky.filter((source) => source.fwhmRad === 0)) {
      const x = Math.round(128 - l / (3 * ARCSEC));
      const y = Math.round(128 + m / (3 * ARCSEC));
      expect(fwhmRad).toBe(0);
      expect(Math.abs(flux(clark.model, x, y) - flux(hogbom.model, x, y))).toBeLessThan(
        4 * settings.thresholdJy,
      );
    }
  });

  it('subtracts exactly: residual plus model ⊛ PSF is the dirty image', () => {
    const components = [...clark.model.entries()].filter(([, flux]) => flux !== 0);
    for (let at = 300; at < 65_536; at += 4001) {
      const x = at % 256;
      const y = Math.floor(at / 256);
      let sum = clark.residual[at]!;
      for (const [from, flux] of components) {
        sum += flux * image.psf[(256 + y - Math.floor(from / 256)) * 512 + 256 + x - (from % 256)]!;
      }
      expect(sum).toBeCloseTo(image.dirty[at]!, 8);
    }
  });

  it('goes on from where it stopped, and keeps to iterations and mask', () => {
    const few = cleanClark(start, image.psf, 256, { ...settings, maxIterations: 40 });
    expect([few.stop, few.iterations]).toEqual(['iterations', 40]);
    const rest = cleanClark(few, image.psf, 256, settings);
    expect(rest.stop).toBe('threshold');
    const mask = new Uint8Array(65_536);
    const empty = cleanClark(start, image.psf, 256, { ...settings, mask });
    expect([empty.stop, empty.iterations]).toEqual(['empty_mask', 0]);
  });

  it('serves deconvolve as well as Högbom does, and can be continued in steps', () => {
    const settled = { method: 'clark', thresholdSigma: 4, maxIterations: 3000 } as const;
    const whole = deconvolve(image, settled);
    expect(whole.stop).toBe('threshold');
    expect(whole.peakJy).toBeLessThan(5 * image.thermalNoiseJy);
    const first = deconvolve(image, { ...settled, maxIterations: 50 });
    const second = continueDeconvolution(image, first, { ...settled, maxIterations: 50 });
    expect([first.iterations, second.iterations]).toEqual([50, 50]);
    expect(second.peakJy).toBeLessThan(first.peakJy);
    const last = continueDeconvolution(image, second, settled);
    expect(last.stop).toBe('threshold');
    const sum = (model: Float64Array): number => model.reduce((total, value) => total + value, 0);
    expect(sum(last.model) / sum(whole.model)).toBeCloseTo(1, 1);
  });
});
