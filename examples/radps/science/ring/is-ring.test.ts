import { expect, it } from 'vitest';
import { restoreImage } from '../clean/restore.ts';
import { ARCSEC } from '../numeric/constants.ts';
import { isRing } from './is-ring.ts';
import { measureRing } from './measure-image.ts';

const UAS = 1e-6 * ARCSEC;
const SIZE = 128;
const CELL = 2 * UAS;
const BEAM = 20 * UAS;

/** Is the picture of points (µas to the east and north), blurred to 20 µas, taken for a ring? */
function isTaken(points: readonly (readonly [east: number, north: number])[]): boolean {
  const model = new Float64Array(SIZE * SIZE);
  for (const [east, north] of points) {
    model[Math.round(SIZE / 2 + north / 2) * SIZE + Math.round(SIZE / 2 - east / 2)]! += 1 / points.length;
  }
  const beam = { majorRad: BEAM, minorRad: BEAM, positionAngleRad: 0 };
  const image = restoreImage(model, new Float64Array(SIZE * SIZE), SIZE, CELL, beam);
  return isRing(measureRing(image, SIZE, CELL, { beamRad: BEAM, searchRad: 50 * UAS }), {
    beamRad: BEAM,
    maskDiameterRad: 80 * UAS,
  });
}

const circle = (radius: number, from = 0, to = 360): [number, number][] =>
  Array.from({ length: 200 }, (_, index) => {
    const angle = ((from + ((to - from) * index) / 200) * Math.PI) / 180;
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  });

it('takes rings for rings', () => {
  expect(isTaken(circle(21))).toBe(true);
  expect(isTaken([...circle(21), ...circle(21, 120, 240)])).toBe(true);
});

it.each([
  ['a point', [[0, 0]]],
  [
    'two points',
    [
      [-18, 0],
      [18, 0],
    ],
  ],
  [
    'a jet',
    [
      [0, -20],
      [0, -10],
      [0, 0],
      [0, 10],
      [0, 20],
      [0, 30],
    ],
  ],
  ['a disk', [0, 4, 8, 12, 16, 20].flatMap((radius) => circle(radius))],
  ['a ring that the beam fills', circle(7)],
  ['a ring at the edge of the mask', circle(44)],
] as [string, [number, number][]][])('does not take %s for a ring', (_, points) => {
  expect(isTaken(points)).toBe(false);
});
