import { expect, it } from 'vitest';
import { enlargeMiddle } from './preview.ts';

it('keeps the middle where it is, and interpolates between pixels', () => {
  const image = Float64Array.from({ length: 64 }, (_, at) => (at % 8) + 10 * Math.floor(at / 8));
  const { pixels, size } = enlargeMiddle(image, 8, 4);
  expect(size).toBe(24);
  expect(pixels[12 * 24 + 12]).toBe(image[4 * 8 + 4]);
  expect(pixels[0]).toBe(image[2 * 8 + 2]);
  expect(pixels[12 * 24 + 15]).toBeCloseTo(44.5, 12);
  expect(pixels[15 * 24 + 12]).toBeCloseTo(49, 12);
});
