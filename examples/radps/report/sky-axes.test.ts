import { describe, expect, it } from 'vitest';
import { ARCSEC, DEGREE, fromDirectionCosines } from '../science/index.ts';
import { hasSkyAxes, skyAxes } from './sky-axes.ts';

describe('axes of the sky', () => {
  it('have round coordinates where the edges of the image have them', () => {
    const centre = { raRad: 359.98 * DEGREE, decRad: -29.94 * DEGREE };
    const [size, cellRad] = [256, 4 * ARCSEC];
    const [right, up] = skyAxes(size, cellRad, centre);
    expect(right.from).toBeGreaterThan(right.to);
    expect(right.ticks.length).toBeGreaterThanOrEqual(3);
    expect(up.ticks.length).toBeGreaterThanOrEqual(3);
    const texts = right.ticks.map((tick) => right.format(tick));
    expect(texts).toContain('00h00m00s');
    for (const [index, l] of right.ticks.entries()) {
      const [, h, m, s] = /^(\d\d)h(\d\d)m(\d\d)s$/.exec(texts[index]!)!.map(Number) as [
        number,
        number,
        number,
        number,
      ];
      const { raRad } = fromDirectionCosines({ l, m: up.from }, centre);
      const off = (((h + m / 60 + s / 3600) * 15 * DEGREE - raRad + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
      expect(Math.abs(off)).toBeLessThan(0.01 * ARCSEC);
    }
    for (const m of up.ticks) {
      const [, d, min] = /^−(\d\d)°(\d\d)′$/.exec(up.format(m))!.map(Number) as [number, number, number];
      const { decRad } = fromDirectionCosines({ l: right.from, m }, centre);
      expect(Math.abs(-(d + min / 60) * DEGREE - decRad)).toBeLessThan(0.01 * ARCSEC);
    }
  });

  it('have decimals where the field is small', () => {
    const centre = { raRad: 187.7059 * DEGREE, decRad: 12.3911 * DEGREE };
    const [right, up] = skyAxes(128, 0.01 * ARCSEC, centre);
    expect(new Set(right.ticks.map(right.format)).size).toBe(right.ticks.length);
    expect(up.format(up.ticks[0]!)).toMatch(/^\+12°23′\d\d\.\d″$/);
    expect(right.ticks.length).toBeGreaterThan(1);
  });

  it('are not for the poles and not for half the sky', () => {
    expect(hasSkyAxes(256, 4 * ARCSEC, { raRad: 0, decRad: 1 })).toBe(true);
    expect(hasSkyAxes(256, 4 * ARCSEC, { raRad: 0, decRad: 89 * DEGREE })).toBe(false);
    expect(hasSkyAxes(256, 0.1 * DEGREE, { raRad: 0, decRad: 0 })).toBe(false);
  });
});
