import { expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { excerptLines, parsePlace } from './source-excerpt.ts';

const options = { style: makeStyle(false, true), width: 40 };

test('places are read', () => {
  expect(parsePlace('/a/b:c.ts:12:5')).toEqual({ path: '/a/b:c.ts', line: 12, column: 5 });
  expect(parsePlace('somewhere')).toBeUndefined();
});

test('the caret stands beneath the column, whatever the indentation', () => {
  const source = '\n\t\t\tconst a = b;';
  expect(excerptLines(source, { path: '', line: 2, column: 14 }, options)).toEqual([
    '    2 │   const a = b;',
    '      │             ^',
  ]);
});

test('a caret far to the right stays in view', () => {
  const source = `${'x'.repeat(200)}here`;
  const [line = '', caret = ''] = excerptLines(source, { path: '', line: 1, column: 201 }, options);
  expect(line.indexOf('here')).toBe(caret.indexOf('^'));
  expect(line.length).toBeLessThanOrEqual(40);
});

test('lines that are not there, or blank, are not shown', () => {
  expect(excerptLines('a', { path: '', line: 5, column: 1 }, options)).toEqual([]);
  expect(excerptLines('  \n', { path: '', line: 1, column: 1 }, options)).toEqual([]);
});
