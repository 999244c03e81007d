import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../science/index.ts';
import { minorCycle, whyConverged } from './minor-cycle.ts';
import type { MinorCycle } from './minor-cycle.ts';

const SIZE = 32;
const NOISE = 0.01;
/** A narrow beam on a broad pedestal. */
const psf = Float64Array.from({ length: 4 * SIZE * SIZE }, (_, at) => {
  const [x, y] = [(at % (2 * SIZE)) - SIZE, Math.floor(at / (2 * SIZE)) - SIZE];
  return 0.9 * Math.exp(-(x * x + y * y) / 4) + 0.1 * Math.exp(-(x * x + y * y) / 100);
});
const image = { psf, size: SIZE, thermalNoiseJy: NOISE };

function dirty(fluxJy: number): Float64Array {
  const random = seededRandom(7, 'noise');
  return Float64Array.from({ length: SIZE * SIZE }, (_, at) => {
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    return fluxJy * (psf[(y - 12 + SIZE) * 2 * SIZE + x - 20 + SIZE] ?? 0) + NOISE * random.normal();
  });
}

describe('a minor cycle', () => {
  it('takes a source out where it is, down to a tenth, and goes on from there', () => {
    const first = minorCycle(image, dirty(1), undefined, 1000);
    expect(first.peakJy).toBeGreaterThan(0.9);
    expect(first.taken).toBe(first.iterations);
    const flux = (model: Float64Array): number => model.reduce((sum, value) => sum + value, 0);
    expect(flux(first.model)).toBeGreaterThan(0.8);
    expect(first.model[12 * SIZE + 20]! / flux(first.model)).toBeGreaterThan(0.95);
    expect(Math.max(...first.residual)).toBeLessThan(0.11);
    const second = minorCycle(image, first.residual, first, 1000);
    expect(second.taken).toBeGreaterThan(0);
    expect(second.iterations).toBe(first.iterations + second.taken);
    expect(Math.abs(flux(second.model) - 1)).toBeLessThan(0.06);
  });

  it('leaves noise alone, and what is higher than it was', () => {
    const quiet = minorCycle(image, dirty(0), undefined, 1000);
    expect(quiet).toMatchObject({ taken: 0, iterations: 0, isDiverging: false });
    expect(quiet.model.every((value) => value === 0)).toBe(true);
    const before = { model: quiet.model, peakJy: 0.5, iterations: 3 };
    expect(minorCycle(image, dirty(1), before, 1000)).toMatchObject({
      taken: 0,
      iterations: 3,
      isDiverging: true,
    });
    expect(minorCycle(image, dirty(1), { ...before, peakJy: 2, iterations: 9 }, 9)).toMatchObject({
      taken: 0,
      iterations: 9,
    });
  });
});

it.each<[Partial<MinorCycle>, number | undefined, string | undefined]>([
  [{ taken: 0 }, undefined, 'noise'],
  [{ taken: 0 }, 2, 'noise'],
  [{}, undefined, undefined],
  [{}, 2, undefined],
  [{}, 1.01, 'no_progress'],
  [{ iterations: 100 }, 2, 'max_iterations'],
  [{ isDiverging: true, iterations: 100 }, 0.5, 'diverging'],
])('a cycle like %j after a peak of %j Jy is the last for the reason %j', (cycle, previous, reason) => {
  const usual = { peakJy: 1, taken: 10, iterations: 20, isDiverging: false };
  expect(whyConverged({ ...usual, ...cycle }, previous, 100)).toBe(reason);
});
