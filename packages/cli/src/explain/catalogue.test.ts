import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';

const packages = join(import.meta.dirname, '..', '..', '..');

/** Codes of errors that the sources of all packages raise, each with a file that does. */
function raisedCodes(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const sources = globSync('*/src/**/*.ts', { cwd: packages }).filter(
    (path) => !/\.test(-d)?\.ts$|\/testing\/|-arbitraries\.ts$/.test(path),
  );
  for (const path of sources) {
    const text = readFileSync(join(packages, path), 'utf8');
    // new SiderealError('CODE', …), storeError('CODE', …), and unions of codes: | 'CODE'
    const calls = text.matchAll(/\w*Error(?:<[^>]*>)?\(\s*'([A-Z][A-Z0-9_]+)'/g);
    const unions = path.endsWith('-error.ts') ? text.matchAll(/^ {2}\| '([A-Z][A-Z0-9_]+)'/gm) : [];
    for (const [, code = ''] of [...calls, ...unions]) found.set(code, path);
  }
  return found;
}

test('every code that a package raises is explained', () => {
  const raised = raisedCodes();
  expect(raised.size).toBeGreaterThan(60);
  const missing = [...raised].filter(([code]) => !CATALOGUE.has(code));
  expect(missing).toEqual([]);
});

test('every code that is explained is raised', () => {
  const raised = raisedCodes();
  const main = readFileSync(join(packages, 'cli', 'src', 'main.ts'), 'utf8');
  const stale = [...CATALOGUE.keys()].filter((code) => !raised.has(code) && !main.includes(code));
  expect(stale).toEqual([]);
});

test('explanations are sentences', () => {
  for (const { meaning, cause, remedy } of CATALOGUE.values()) {
    for (const text of [meaning, cause, remedy]) expect(text).toMatch(/^[A-Z`'].*[.`?]$/s);
  }
});
