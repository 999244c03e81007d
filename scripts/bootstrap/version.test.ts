import { expect, test } from 'vitest';
import { isAtLeast } from './version.mjs';

test.each([
  ['24.21.0', '24.12.0', true],
  ['24.12.0', '24.12.0', true],
  ['24.2.0', '24.12.0', false],
  ['26.0.0', '24.12.0', true],
  ['20.20.2', '24.12.0', false],
  ['20.0.0-nightly20230101', '20.0.0', true],
])('is %s at least %s? %s', (version, minimum, answer) => {
  expect(isAtLeast(version, minimum)).toBe(answer);
});
