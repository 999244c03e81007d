import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';
import { median, robustSpread } from './robust.ts';

describe('robust statistics', () => {
  it('gives the median that sorting gives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const middle = sorted.length >> 1;
        const expected =
          sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
        expect(median(values)).toBe(expected);
      }),
    );
    expect(median([])).toBeNaN();
  });

  it('measures the spread of a Gaussian, outliers or not', () => {
    const random = seededRandom(7);
    const values = Float64Array.from({ length: 20_000 }, () => 10 + 2 * random.normal());
    for (let i = 0; i < 2000; i++) values[i] = 1e6;
    const spread = robustSpread(values);
    expect(spread.median).toBeGreaterThan(9.9);
    expect(spread.median).toBeLessThan(10.5);
    expect(spread.sigma).toBeGreaterThan(1.95);
    expect(spread.sigma).toBeLessThan(2.4);
  });
});
