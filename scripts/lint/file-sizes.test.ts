import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linesOf, ninetiethPercentile } from './file-sizes.ts';
import { PACKAGES, sourcesOf } from './package-layout.ts';
import { sourceFiles } from './source-files.ts';

/** A file of more lines has a second noun in it. */
const MOST = 400;
/** Nine of ten files have no more. */
const USUAL = 200;

const root = join(import.meta.dirname, '..', '..');

describe.each(PACKAGES)('the files of %s', (name) => {
  const files = sourceFiles(root, sourcesOf(name));

  test(`are at most ${MOST} lines long`, () => {
    const long = files.filter((file) => linesOf(file) > MOST).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  test(`are at most ${USUAL} lines long, nine of ten`, () => {
    const size = ninetiethPercentile(files.map(linesOf));
    expect(size).toBeLessThanOrEqual(USUAL);
  });
});

test('lines are counted as an editor does', () => {
  const count = (text: string): number => linesOf({ path: 'a.ts', text });
  expect([count('a'), count('a\n'), count('a\n\n// b\n')]).toEqual([1, 1, 3]);
});

test('the 90th percentile is a size that nine of ten do not exceed', () => {
  expect(ninetiethPercentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(9);
  expect(ninetiethPercentile([3])).toBe(3);
  expect(ninetiethPercentile([])).toBe(0);
});
