import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportedTypes, namesIn, type NamedPlace } from './identifiers.ts';
import { PACKAGES, sourcesOf } from './package-layout.ts';
import { filesBelow, sourceFiles } from './source-files.ts';

/** Private words, and the field's own for what they meant. */
const PRIVATE_WORDS: Readonly<Record<string, RegExp>> = {
  'duty (handled)': /dut(y|ies)/,
  'park (yield, wait)': /park/,
  'retire (evict, release)': /retir(e|ing|al)/,
  'heldJob (waiting job)': /heldjob/,
  survey: /survey/,
  desk: /desk/,
  'pardon (forgive, reset)': /pardon/,
};

const root = join(import.meta.dirname, '..', '..');
/** The private words in a name, however it joins its words. */
function privateWordsIn(name: string): string[] {
  const letters = name.replaceAll(/[-_]/g, '').toLowerCase();
  return Object.entries(PRIVATE_WORDS)
    .filter(([, word]) => word.test(letters))
    .map(([word]) => word);
}

const describePlaces = (places: readonly NamedPlace[]): string[] =>
  places.map(({ path, name }) => `${path}: ${name}`);

describe('names in core and engine', () => {
  const places = (['core', 'engine'] as const)
    .flatMap((name) => filesBelow(root, sourcesOf(name)))
    .flatMap(namesIn)
    .filter(({ name }) => privateWordsIn(name).length > 0);

  test('use the words of the field', () => {
    expect(describePlaces(places)).toEqual([]);
  });
});

describe('exported classes, interfaces and types', () => {
  const byName = Map.groupBy(
    PACKAGES.flatMap((name) => sourceFiles(root, sourcesOf(name))).flatMap(exportedTypes),
    ({ name }) => name,
  );
  const namesakes = [...byName].filter(([, places]) => places.length > 1);

  test('have names of their own over all packages', () => {
    expect(namesakes.flatMap(([, places]) => describePlaces(places))).toEqual([]);
  });
});

describe('a private word is found', () => {
  test.each([
    ['in a variable', 'const unparked = 1;'],
    ['in a private field', 'class A { #duties = 1; }'],
    ['in a constant', 'const HELD_JOB = 1;'],
    ['in a method', 'class A { pardonAll() {} }'],
    ['in a type', 'export type Retirement = string;'],
    ['in a use', 'run.survey();'],
    ['in a key', 'const a = { desk: 1 };'],
    ['in a parameter of a type', 'type F = (parked: boolean) => void;'],
    ['in an import', `import { a as heldJob } from './a.ts';`],
  ])('%s', (_where, text) => {
    const names = namesIn({ path: 'src/a.ts', text });
    expect(names.filter(({ name }) => privateWordsIn(name).length > 0)).toHaveLength(1);
  });

  test.each(['src/desk.ts', 'src/held-job/a.ts'])('in the path %s', (path) => {
    const names = namesIn({ path, text: '' });
    expect(names.filter(({ name }) => privateWordsIn(name).length > 0)).toHaveLength(1);
  });

  test('but not in prose', () => {
    const names = namesIn({ path: 'src/a.ts', text: `/** A parked duty. */ const text = 'desk'; // survey` });
    expect(names.filter(({ name }) => privateWordsIn(name).length > 0)).toEqual([]);
  });
});

test('a declaration counts as exported, one that is passed on does not', () => {
  const text = `
    export interface A {}
    export type B = 1;
    export abstract class C {}
    export const d = 1;
    interface E {}
    export type { F } from './f.ts';`;
  expect(exportedTypes({ path: 'a.ts', text }).map(({ name }) => name)).toEqual(['A', 'B', 'C']);
});
