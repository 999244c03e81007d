import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.ts';

describe('seeded random', () => {
  it('repeats itself for a seed and differs between seeds and streams', () => {
    const draw = (seed: number, stream?: string): number[] => {
      const random = seededRandom(seed, stream);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1, 'noise')).not.toEqual(draw(1, 'gains'));
  });

  it('has the moments of a normal and of a uniform distribution', () => {
    const random = seededRandom(42);
    const n = 200_000;
    let sum = 0;
    let square = 0;
    let fourth = 0;
    let uniform = 0;
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      sum += x;
      square += x * x;
      fourth += x ** 4;
      uniform += random.uniform();
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.01);
    expect(square / n).toBeCloseTo(1, 1);
    expect(fourth / n).toBeCloseTo(3, 0);
    expect(uniform / n).toBeCloseTo(0.5, 2);
  });
});
