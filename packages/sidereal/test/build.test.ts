import { describe, expect, test } from 'vitest';
import { importedModules, rewriteImports } from '../scripts/declaration-imports.ts';
import { rewriteWorkerUrls } from '../scripts/worker-entries.ts';

describe('the URL of a thread module', () => {
  test('becomes that of its bundle, and names the module to bundle', () => {
    const code = `new Worker(new URL('./threads/thread-entry.ts', import.meta.url), { name })`;
    const { code: rewritten, entries } = rewriteWorkerUrls(code, '/r/packages/engine/src/runners/pool.ts');
    expect(rewritten).toBe(`new Worker(new URL('./thread-entry.js', import.meta.url), { name })`);
    expect(entries).toEqual([
      { source: '/r/packages/engine/src/runners/threads/thread-entry.ts', name: 'thread-entry' },
    ]);
  });

  test('is the only kind of URL that is touched', () => {
    const code = `new URL('.', import.meta.url); new URL('./data.json', import.meta.url); new URL('./a.ts', base);`;
    expect(rewriteWorkerUrls(code, '/r/a.ts')).toEqual({ code, entries: [] });
  });
});

describe('the imports of a declaration file', () => {
  const text = [
    `import type { State } from '@sidereal/core';`,
    `export * from "./task.ts";`,
    `export declare const a: import('./flow.ts').Flow;`,
    `/** import { task } from './in-a-comment.ts' */`,
    `/**`,
    ` * import { flow } from './in-an-example.ts';`,
    ` */`,
    `import './ambient.ts';`,
  ].join('\n');

  test('are found, those in comments are not', () => {
    expect(importedModules(text)).toEqual(['@sidereal/core', './task.ts', './flow.ts', './ambient.ts']);
  });

  test('are replaced', () => {
    const rewritten = rewriteImports(text, () => './x.js');
    expect(importedModules(rewritten)).toEqual(['./x.js', './x.js', './x.js', './x.js']);
    expect(rewritten).toContain('./in-a-comment.ts');
    expect(rewritten).toContain('./in-an-example.ts');
  });
});
