import { describe, expect, it } from 'vitest';
import { exportTarget } from './export-target.ts';

describe('the file that a package exports', () => {
  it.each([
    ['a text', './index.js', '.', './index.js'],
    ['conditions alone', { types: './i.d.ts', import: './i.mjs', require: './i.cjs' }, '.', './i.mjs'],
    ['conditions in conditions', { '.': { node: { import: './n.mjs' }, default: './d.js' } }, '.', './n.mjs'],
    ['a list', { './a': [{ browser: './b.js' }, './a.js'] }, './a', './a.js'],
    ['a pattern', { './*': './src/*.ts', './deep/*.js': './lib/*.ts' }, './deep/x.js', './lib/x.ts'],
    ['a pattern used twice', { './*': './src/*/*.ts' }, './x', './src/x/x.ts'],
    ['an internal name', { '#db': { default: './db.ts' } }, '#db', './db.ts'],
    ['null', { './*': './src/*.ts', './private/*': null }, './private/x', undefined],
    ['another name', { './a': './a.js' }, './b', undefined],
    ['only types', { '.': { types: './i.d.ts' } }, '.', undefined],
    ['nothing', undefined, '.', undefined],
  ])('with %s', (_what, exports, subpath, target) => {
    expect(exportTarget(exports, subpath)).toBe(target);
  });
});
