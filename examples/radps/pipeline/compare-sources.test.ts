import { describe, expect, it } from 'vitest';
import { ARCSEC, skyComponent } from '../science/index.ts';
import type { FoundSource } from '../science/index.ts';
import { compareSources } from './compare-sources.ts';

const image = {
  beam: { majorRad: 12 * ARCSEC, minorRad: 10 * ARCSEC, positionAngleRad: 0 },
  frequencyHz: 1.4e9,
};

function found(east: number, north: number, peakJy: number, integratedJy = peakJy): FoundSource {
  return { l: east * ARCSEC, m: north * ARCSEC, raRad: 0, decRad: 0, peakJy, integratedJy, snr: 100 };
}

describe('sources against the true sky', () => {
  it('takes the nearest within a beam, and of extended sources the flux of the island', () => {
    const sky = [
      skyComponent('A', 0, 0, 1),
      skyComponent('B', 100, 0, 0.5, { fwhmArcsec: 40 }),
      skyComponent('C', 0, 200, 0.2),
    ];
    const sources = [found(3, 0, 0.9), found(1, 0, 0.98), found(100, 15, 0.1, 0.45), found(0, 215, 0.2)];
    const [a, b, c] = compareSources(image, sources, sky);
    expect(a).toMatchObject({ name: 'A', isExtended: false, trueFluxJy: 1 });
    expect(a?.found?.fluxRatio).toBeCloseTo(0.98, 12);
    expect(a?.found?.offsetBeams).toBeCloseTo(0.1, 12);
    expect(b?.found?.fluxRatio).toBeCloseTo(0.9, 12);
    expect(c).toEqual({ name: 'C', isExtended: false, trueFluxJy: 0.2 });
  });
});
