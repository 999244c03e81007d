import { expect, test } from 'vitest';
import { qaBand } from './qa-band.ts';

test.each([
  [0, 'error'],
  [0.33, 'error'],
  [0.34, 'warning'],
  [0.66, 'warning'],
  [0.67, 'suboptimal'],
  [0.9, 'suboptimal'],
  [0.91, 'good'],
  [1, 'good'],
  [null, 'not applicable'],
  [undefined, 'scoring failed'],
])('the score %s is in the band %s', (score, band) => {
  expect(qaBand(score)).toBe(band);
});

test('a score with an error is no score', () => {
  expect(qaBand(0.95, true)).toBe('scoring failed');
});
