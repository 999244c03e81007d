import { describe, expect, it } from 'vitest';
import { ARCSEC } from '../numeric/constants.ts';
import { beamAreaPixels, beamForm, fitBeam } from './beam.ts';
import type { Beam } from './beam.ts';
import { cleanHogbom } from './hogbom.ts';
import type { CleanState } from './hogbom.ts';
import { restoreImage } from './restore.ts';

const beam: Beam = { majorRad: 12 * ARCSEC, minorRad: 7 * ARCSEC, positionAngleRad: 0.6 };
const cell = 2 * ARCSEC;

/** A Gaussian point-spread function with a ripple of sidelobes. */
function testPsf(size: number, ripple: number): Float64Array {
  const { a, b, c } = beamForm(beam);
  return Float64Array.from({ length: 4 * size * size }, (_, at) => {
    const l = (size - (at % (2 * size))) * cell;
    const m = (Math.floor(at / (2 * size)) - size) * cell;
    const lobe = Math.exp(-(a * l * l + b * l * m + c * m * m));
    const side = ripple * Math.cos(l / (9 * ARCSEC)) * Math.cos(m / (13 * ARCSEC));
    return l === 0 && m === 0 ? 1 : lobe + side * (1 - lobe);
  });
}

/** The dirty image of point sources [x, y, flux]. */
function dirtyImage(
  psf: Float64Array,
  size: number,
  sources: readonly (readonly [number, number, number])[],
): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const x = at % size;
    const y = Math.floor(at / size);
    return sources.reduce(
      (sum, [sx, sy, flux]) => sum + flux * psf[(size + y - sy) * 2 * size + size + x - sx]!,
      0,
    );
  });
}

const fresh = (dirty: Float64Array): CleanState => ({
  residual: dirty,
  model: new Float64Array(dirty.length),
});

describe('beam', () => {
  it('is found again in a point-spread function with sidelobes', () => {
    const fitted = fitBeam(testPsf(32, 0.03), 64, cell);
    expect(fitted.majorRad / beam.majorRad).toBeCloseTo(1, 1);
    expect(fitted.minorRad / beam.minorRad).toBeCloseTo(1, 1);
    expect(fitted.positionAngleRad).toBeCloseTo(beam.positionAngleRad, 1);
    const exact = fitBeam(testPsf(32, 0), 64, cell);
    expect(exact.majorRad / beam.majorRad).toBeCloseTo(1, 9);
    expect(exact.minorRad / beam.minorRad).toBeCloseTo(1, 9);
    expect(exact.positionAngleRad).toBeCloseTo(0.6, 9);
  });

  it('turns from north through east: at 90° the long axis lies along l', () => {
    const { a, c } = beamForm({ ...beam, positionAngleRad: Math.PI / 2 });
    expect(a).toBeLessThan(c);
    expect(beamAreaPixels(beam, cell)).toBeCloseTo((1.1330900354567985 * 12 * 7) / 4, 6);
  });

  it('refuses a lobe that pixels do not resolve', () => {
    const spike = new Float64Array(32 * 32);
    spike[16 * 32 + 16] = 1;
    expect(() => fitBeam(spike, 32, cell)).toThrow(expect.objectContaining({ code: 'SOLVE_FAILED' }));
  });
});

describe('Högbom CLEAN', () => {
  const size = 64;
  const psf = testPsf(size, 0.05);
  const sources = [
    [20, 30, 3],
    [50, 12, 1],
    [23, 38, -0.8],
  ] as const;
  const dirty = dirtyImage(psf, size, sources);

  it('finds where the flux is, even from one edge to the other, and leaves the threshold', () => {
    const result = cleanHogbom(fresh(dirty), psf, size, {
      gain: 0.1,
      maxIterations: 2000,
      thresholdJy: 0.005,
    });
    expect(result.stop).toBe('threshold');
    expect(result.peakJy).toBeLessThanOrEqual(0.005);
    for (const [x, y, flux] of sources) expect(result.model[y * size + x]).toBeCloseTo(flux, 1);
    expect(result.model.reduce((a, b) => a + b, 0)).toBeCloseTo(3.2, 1);
    // Model ⊛ PSF + residual is the dirty image, whatever the number of iterations.
    const components = [...result.model.entries()].filter(([, flux]) => flux !== 0);
    const again = dirtyImage(
      psf,
      size,
      components.map(([at, flux]) => [at % size, Math.floor(at / size), flux] as const),
    );
    for (let at = 0; at < dirty.length; at += 41)
      expect(again[at]! + result.residual[at]!).toBeCloseTo(dirty[at]!, 9);
    expect(result.history.at(-2)).toBe(result.iterations);
    expect(result.history[1]).toBeCloseTo(Math.max(...dirty.map(Math.abs)), 12);
  });

  it('goes on from where it stopped as if it had not', () => {
    const options = { gain: 0.1, maxIterations: 60, thresholdJy: 0 };
    const whole = cleanHogbom(fresh(dirty), psf, size, options);
    const half = cleanHogbom(fresh(dirty), psf, size, { ...options, maxIterations: 25 });
    const rest = cleanHogbom(half, psf, size, { ...options, maxIterations: 35 });
    expect(half.stop).toBe('iterations');
    expect(rest.model).toEqual(whole.model);
    expect(rest.residual).toEqual(whole.residual);
    expect(dirty).toEqual(dirtyImage(psf, size, sources));
  });

  it('keeps to its mask, and stops at once when it is empty', () => {
    const mask = new Uint8Array(size * size);
    for (let y = 25; y < 36; y++) for (let x = 15; x < 26; x++) mask[y * size + x] = 1;
    const result = cleanHogbom(fresh(dirty), psf, size, {
      gain: 0.1,
      maxIterations: 500,
      thresholdJy: 0.05,
      mask,
    });
    expect(result.model[30 * size + 20]).toBeGreaterThan(2.5);
    expect(result.model.every((flux, at) => flux === 0 || mask[at] === 1)).toBe(true);
    const empty = cleanHogbom(fresh(dirty), psf, size, {
      gain: 0.1,
      maxIterations: 10,
      thresholdJy: 0,
      mask: new Uint8Array(size * size),
    });
    expect([empty.stop, empty.iterations]).toEqual(['empty_mask', 0]);
  });

  it('gives up when it makes things worse', () => {
    const wrong = psf.map((value, at) => (at === 2 * size * size + size ? 1 : -3 * value));
    const result = cleanHogbom(fresh(dirty), wrong, size, { gain: 0.5, maxIterations: 1000, thresholdJy: 0 });
    expect(result.stop).toBe('diverging');
    expect(result.iterations).toBeLessThan(20);
  });

  it('refuses options without sense', () => {
    const bad = { gain: 0, maxIterations: 1, thresholdJy: 0 };
    expect(() => cleanHogbom(fresh(dirty), psf, size, bad)).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
    expect(() => cleanHogbom(fresh(dirty), psf, 32, { ...bad, gain: 0.1 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});

describe('restoring', () => {
  it('gives a point its flux as peak and as integral over the beam', () => {
    const size = 64;
    const model = new Float64Array(size * size);
    model[30 * size + 33] = 2;
    const image = restoreImage(model, new Float64Array(size * size).fill(0), size, cell, beam);
    expect(image[30 * size + 33]).toBeCloseTo(2, 12);
    expect(image.reduce((a, b) => a + b, 0) / beamAreaPixels(beam, cell)).toBeCloseTo(2, 3);
    // Half of the peak half a major axis away, to the north-east (left and up).
    const x = 33 - (beam.majorRad / 2 / cell) * Math.sin(beam.positionAngleRad);
    const y = 30 + (beam.majorRad / 2 / cell) * Math.cos(beam.positionAngleRad);
    expect(image[Math.round(y) * size + Math.round(x)]).toBeGreaterThan(0.8);
    expect(image[Math.round(y) * size + Math.round(66 - x)]).toBeLessThan(0.4);
  });
});
