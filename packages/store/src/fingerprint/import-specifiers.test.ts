import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSpecifiers } from './import-specifiers.ts';

describe('what a source imports when it runs', () => {
  it('is what it says in any form', () => {
    const source = `
      import a, { b } from './a.ts';
      import './side-effect.ts';
      export * from './star.ts';
      export { c as d } from "./reexport.ts";
      import data from './data.json' with { type: 'json' };
      import source wasm from './sum.wasm';
      const lazy = await import('./lazy.ts');
      const old = require('./old.cjs');
      const entry = createRequire(import.meta.url).resolve; require.resolve("./resolved.cjs");
      import equals = require('./equals.cts');
    `;
    expect(importSpecifiers(source).toSorted()).toEqual([
      './a.ts',
      './data.json',
      './equals.cts',
      './lazy.ts',
      './old.cjs',
      './reexport.ts',
      './resolved.cjs',
      './side-effect.ts',
      './star.ts',
      './sum.wasm',
    ]);
  });

  it('is not what is erased, computed or only talked of', () => {
    const source = `
      import type { A } from './types.ts';
      export type { B } from './types.ts';
      type C = import('./types.ts').C;
      // import './comment.ts';
      const text = "import './text.ts'";
      const computed = await import(\`./\${text}.ts\`);
      const also = await import(text);
    `;
    expect(importSpecifiers(source)).toEqual([]);
  });

  it('is found among the syntax of TypeScript', () => {
    const source = `
      import { type A, b } from './values.ts';
      import type from './a-value-called-type.ts';
      const generic = <T,>(x: T): T => x satisfies T;
      const ratio = (b as number)! / 2; const pattern = /import '\\.\\/no.ts'/;
      declare module 'ambient' { export const x: string }
      export abstract class K<T extends A = A> { declare y: T; private z?: string; }
      export { z } from './last.ts';
    `;
    expect(importSpecifiers(source)).toEqual(['./values.ts', './a-value-called-type.ts', './last.ts']);
  });

  it('is looked for in the text where the lexer does not understand it', () => {
    const source = `import { a } from './a.ts'; const broken = { ; import('./b.ts'); require('./c.cjs') \``;
    expect(importSpecifiers(source)).toEqual(['./a.ts', './b.ts', './c.cjs']);
  });

  it('agrees with a search line by line in all sources of this repository', () => {
    const root = join(import.meta.dirname, '../../../..');
    const paths = globSync('{packages,examples,scripts}/*/**/*.ts', { cwd: root }).filter(
      (path) => !path.includes('node_modules') && !path.includes('dist') && !path.endsWith('.d.ts'),
    );
    expect(paths.length).toBeGreaterThan(300);
    for (const path of paths) {
      const source = readFileSync(join(root, path), 'utf8');
      const statement = /^(?:import|export)\s(?!type\b)[^'"`;]*?from '([^']+)';$|^import '([^']+)';$/gm;
      // Texts of several lines may hold imports, too.
      if (/`[^`]*\n(?:import|export) [^`]*`/.test(source)) continue;
      const expected = [...source.matchAll(statement)].map(([, from, alone]) => from ?? alone);
      expect(importSpecifiers(source), path).toEqual(expect.arrayContaining(expected));
    }
  });
});
