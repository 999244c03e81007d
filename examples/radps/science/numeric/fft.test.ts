import { describe, expect, it } from 'vitest';
import { fft2Backward, fft2Forward, fftPlan } from './fft.ts';
import { seededRandom } from './random.ts';

/** The definition, term by term. */
function slowTransform(re: Float64Array, im: Float64Array, sign: number): [Float64Array, Float64Array] {
  const n = re.length;
  const outRe = new Float64Array(n);
  const outIm = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (sign * 2 * Math.PI * j * k) / n;
      outRe[k]! += re[j]! * Math.cos(angle) - im[j]! * Math.sin(angle);
      outIm[k]! += re[j]! * Math.sin(angle) + im[j]! * Math.cos(angle);
    }
  }
  return [outRe, outIm];
}

const noise = (n: number, seed: number): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, () => random.normal());
};

describe('fft', () => {
  it.each([1, 2, 4, 8, 16, 32, 64, 128, 512])('agrees with the definition at length %i', (n) => {
    for (const [sign, direction] of [
      [-1, 'forward'],
      [1, 'backward'],
    ] as const) {
      const re = noise(n, n);
      const im = noise(n, n + 1);
      const [expectedRe, expectedIm] = slowTransform(re, im, sign);
      fftPlan(n)[direction](re, im);
      for (let k = 0; k < n; k++) {
        expect(re[k]).toBeCloseTo(expectedRe[k]!, 9);
        expect(im[k]).toBeCloseTo(expectedIm[k]!, 9);
      }
    }
  });

  it('transforms in the middle of a longer array and leaves the rest alone', () => {
    const re = noise(24, 3);
    const im = noise(24, 4);
    const before = re.slice();
    const [expectedRe] = slowTransform(re.slice(8, 16), im.slice(8, 16), -1);
    fftPlan(8).forward(re, im, 8);
    expect([...re.slice(0, 8), ...re.slice(16)]).toEqual([...before.slice(0, 8), ...before.slice(16)]);
    for (let k = 0; k < 8; k++) expect(re[8 + k]).toBeCloseTo(expectedRe[k]!, 10);
  });

  it('turns a plane wave into one pixel, and comes back', () => {
    const n = 32;
    const re = new Float64Array(n * n);
    const im = new Float64Array(n * n);
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        re[y * n + x] = Math.cos((2 * Math.PI * (3 * x + 5 * y)) / n);
        im[y * n + x] = Math.sin((2 * Math.PI * (3 * x + 5 * y)) / n);
      }
    }
    const original = re.slice();
    fft2Forward(re, im, n);
    expect(re[5 * n + 3]).toBeCloseTo(n * n, 6);
    expect(Math.max(...re.map((value, index) => (index === 5 * n + 3 ? 0 : Math.abs(value))))).toBeLessThan(
      1e-9,
    );
    fft2Backward(re, im, n);
    for (let index = 0; index < n * n; index++)
      expect(re[index]! / (n * n)).toBeCloseTo(original[index]!, 12);
  });

  it('refuses a length that is not a power of two', () => {
    expect(() => fftPlan(12)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});
