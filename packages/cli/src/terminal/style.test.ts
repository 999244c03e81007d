import { expect, test } from 'vitest';
import { styleFor } from './style.ts';

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { TERM: 'dumb' }, false],
  [true, { TERM: 'dumb', FORCE_COLOR: '1' }, true],
])('terminal %s with %j has colours: %s', (isTerminal, env, hasColour) => {
  expect(styleFor(isTerminal, env).hasColour).toBe(hasColour);
});

test.each([
  [{}, true],
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'C', LC_ALL: 'C.utf8' }, true],
  [{ LANG: 'en_GB.UTF-8', LC_CTYPE: 'POSIX' }, false],
])('the locale %j has more than ASCII: %s', (env, hasUnicode) => {
  expect(styleFor(true, env).hasUnicode).toBe(hasUnicode);
});

test('text is painted only with colours', () => {
  expect(styleFor(true, {}).paint('failed', 'F')).toBe('\u001B[1;31mF\u001B[0m');
  expect(styleFor(true, {}).paint('plain', 'F')).toBe('F');
  expect(styleFor(false, {}).paint('failed', 'F')).toBe('F');
});
