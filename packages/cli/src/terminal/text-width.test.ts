import { expect, test } from 'vitest';
import { fit, padEnd, padStart, textWidth } from './text-width.ts';

test.each([
  ['grid', 4],
  ['naïve', 5],
  ['nai\u0308ve', 5],
  ['校正', 4],
  ['🛰', 1],
  ['🚀 up', 5],
  ['\u001B[31mred\u001B[0m', 3],
  ['▓░·', 3],
])('%j takes %d cells', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('text that is too wide is cut, and says so', () => {
  expect(fit('calibrate', 9)).toBe('calibrate');
  expect(fit('calibrate', 5)).toBe('cali…');
  expect(fit('calibrate', 5, '~')).toBe('cali~');
  expect(fit('校正校正', 4)).toBe('校…');
  expect(fit('calibrate', 1)).toBe('…');
  expect(fit('calibrate', 0)).toBe('');
});

test('text is padded by cells, not by characters', () => {
  expect(padEnd('校', 4)).toBe('校  ');
  expect(padStart('\u001B[31m1\u001B[0m', 3)).toBe('  \u001B[31m1\u001B[0m');
  expect(padEnd('wide', 2)).toBe('wide');
});
