import { expect, test } from 'vitest';
import { oneLine, printable } from './printable.ts';
import { wrap } from './wrap.ts';

test('text is broken at blanks', () => {
  expect(wrap('no signal in channel 3', 12)).toEqual(['no signal in', 'channel 3']);
  expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
  expect(wrap('one\n  two\n', 40)).toEqual(['one', '  two', '']);
  expect(wrap('', 10)).toEqual(['']);
});

test('control characters of others do not reach the terminal', () => {
  expect(printable('a\u001B[2Jb\u0007\r\n\tc')).toBe(['a\\x1b[2Jb\\x07', '\tc'].join('\n'));
  expect(oneLine('two \n  lines\tand a tab')).toBe('two lines and a tab');
});
