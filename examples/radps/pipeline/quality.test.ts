import { expect, it } from 'vitest';
import { scoreBetween } from './quality.ts';

it('scores between the worst and the best, whichever is larger, and never outside 0 … 1', () => {
  expect([0, 5, 7.5, 10, 11].map((value) => scoreBetween(value, 5, 10))).toEqual([0, 0, 0.5, 1, 1]);
  expect([80, 50, 20, 0].map((value) => scoreBetween(value, 80, 20))).toEqual([0, 0.5, 1, 1]);
  expect(scoreBetween(Number.NaN, 0, 1)).toBe(0);
});
