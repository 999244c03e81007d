import { expect, test } from 'vitest';
import { levelOf } from './log-level.ts';

test.each([
  ['{"level":"debug"}', 10],
  ['{"level":"error","message":"no"}', 40],
  ['{"level":"loud"}', undefined],
  ['{"level":3}', undefined],
  ['{}', undefined],
  ['null', undefined],
  ['"text"', undefined],
  ['not JSON', undefined],
])('the level of %s is %s', (body, level) => {
  expect(levelOf(body)).toBe(level);
});
