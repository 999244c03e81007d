import { expect, it } from 'vitest';
import { chooseSolve } from './choose-solve.ts';

it('solves windows on their own when the calibrator is strong in all', () => {
  const choice = chooseSolve([20, 30], 10);
  expect(choice).toMatchObject({ kind: 'per_spw', groups: [[0], [1]] });
  expect(choice.groupOf(1)).toBe(1);
});

it('maps the best window to the others when it is strong in some', () => {
  const choice = chooseSolve([4, 30, 12], 10);
  expect(choice).toMatchObject({ kind: 'best_spw', groups: [[1]] });
  expect([0, 1, 2].map(choice.groupOf)).toEqual([0, 0, 0]);
});

it('combines all windows when it is strong in none', () => {
  expect(chooseSolve([4, 3], 10)).toMatchObject({ kind: 'combined', groups: [[0, 1]] });
});
