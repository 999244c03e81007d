import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cyclesAmong, describeCycle } from './cycles.ts';
import { fileImports, roomImports } from './import-graph.ts';
import { entryPointsOf, PACKAGES, sourcesOf } from './package-layout.ts';
import { sourceFiles, type SourceFile } from './source-files.ts';

const root = join(import.meta.dirname, '..', '..');

describe.each(PACKAGES)('%s', (name) => {
  const imports = fileImports(sourceFiles(root, sourcesOf(name)));
  const found = {
    files: cyclesAmong(imports),
    folders: cyclesAmong(roomImports(imports, entryPointsOf(root, name))),
  };

  test.each(['files', 'folders'] as const)('has no cycle between %s, types included', (what) => {
    expect(found[what].map(describeCycle)).toEqual([]);
  });
});

describe('a cycle is found', () => {
  const A = 'src/a/a.ts';
  const B = 'src/b/b.ts';
  const cyclesOf = (files: Readonly<Record<string, string>>, entryPoints: readonly string[] = []) => {
    const imports = fileImports(Object.entries(files).map(([path, text]): SourceFile => ({ path, text })));
    return {
      files: cyclesAmong(imports).map(describeCycle),
      folders: cyclesAmong(roomImports(imports, new Set(entryPoints))).map(describeCycle),
    };
  };

  test.each([
    `import { b } from '../b/b.ts';`,
    `import '../b/b.ts';`,
    `import type { B } from '../b/b.ts';`,
    `export * from '../b/b.ts';`,
    `export type { B } from '../b/b.ts';`,
    `export const load = () => import('../b/b.ts');`,
    `export type C = import('../b/b.ts').B;`,
  ])('through %s', (text) => {
    const cycles = cyclesOf({ [A]: text, [B]: `import { a } from '../a/a.ts';` });
    expect(cycles.files).toEqual([`${A} → ${B} → ${A}`]);
    expect(cycles.folders).toEqual([`src/a/** → src/b/** → src/a/**\n    ${A} → ${B}\n    ${B} → ${A}`]);
  });

  test('between folders of which no file lies on one', () => {
    const cycles = cyclesOf({
      [A]: `import '../b/b.ts';`,
      [B]: '',
      'src/a/ground.ts': '',
      'src/b/roof.ts': `import '../a/ground.ts';`,
    });
    expect(cycles.files).toEqual([]);
    expect(cycles.folders).toEqual([
      `src/a/** → src/b/** → src/a/**\n    ${A} → ${B}\n    src/b/roof.ts → src/a/ground.ts`,
    ]);
  });

  test('between the files right in a folder and those of a folder in it', () => {
    const cycles = cyclesOf({
      'src/roof.ts': `import './a/a.ts';`,
      [A]: `import '../ground.ts';`,
      'src/ground.ts': '',
    });
    expect(cycles.folders).toEqual([
      'src/* → src/a/** → src/*\n    src/roof.ts → src/a/a.ts\n    src/a/a.ts → src/ground.ts',
    ]);
  });

  test('between folders of which different parts import one another', () => {
    const cycles = cyclesOf({
      'src/a/deep/down/a.ts': `import '../../../b/b.ts';`,
      [B]: '',
      'src/b/deep/b.ts': `import '../../a/a.ts';`,
      [A]: '',
    });
    expect(cycles.files).toEqual([]);
    expect(cycles.folders).toHaveLength(1);
  });

  test('the shortest of a knot, once', () => {
    const cycles = cyclesOf({
      'src/1.ts': `import './2.ts';`,
      'src/2.ts': `import './3.ts'; import './4.ts';`,
      'src/3.ts': `import './1.ts';`,
      'src/4.ts': `import './2.ts';`,
      'src/5.ts': `import './1.ts';`,
    });
    expect(cycles.files).toEqual(['src/2.ts → src/4.ts → src/2.ts']);
  });
});

describe('no cycle is found', () => {
  test('where an entry point imports what lies in and below its folder', () => {
    const imports = fileImports([
      { path: 'src/index.ts', text: `export * from './a/a.ts'; export * from './ground.ts';` },
      { path: 'src/ground.ts', text: '' },
      { path: 'src/a/a.ts', text: `import '../ground.ts'; import { z } from 'zod';` },
    ]);
    expect(cyclesAmong(roomImports(imports, new Set(['src/index.ts'])))).toEqual([]);
    expect(cyclesAmong(roomImports(imports, new Set()))).toHaveLength(1);
  });

  test('in what a comment or a string says', () => {
    const imports = fileImports([
      { path: 'src/a.ts', text: `// import './b.ts'\nconst text = "import './b.ts'";` },
      { path: 'src/b.ts', text: `import './a.ts';` },
    ]);
    expect(cyclesAmong(imports)).toEqual([]);
  });
});
