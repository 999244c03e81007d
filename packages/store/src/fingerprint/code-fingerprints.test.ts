import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareFingerprints, type CodeFingerprint } from '@sidereal/core';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeFingerprints } from './code-fingerprints.ts';

let root: string;
let code: CodeFingerprints;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sidereal-code-')));
  code = new CodeFingerprints();
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function file(path: string, text = ''): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, text);
}

function install(name: string, version: string, more: object = {}): void {
  file(`node_modules/${name}/package.json`, JSON.stringify({ name, version, ...more }));
  file(`node_modules/${name}/index.js`, 'export const x = 1;');
}

async function fingerprint(path: string): Promise<CodeFingerprint> {
  const url = pathToFileURL(join(root, path)).href;
  const [only] = await code.of({ root, modules: [{ module: path, url }] });
  return only!;
}

/** What a change does to the fingerprint of a module, in words. */
async function effect(path: string, change: () => void): Promise<string | undefined> {
  const before = await fingerprint(path);
  change();
  return compareFingerprints(before, await fingerprint(path));
}

describe('the fingerprint of a module', () => {
  it('names the helper that has changed', async () => {
    file('tasks.ts', "import { calibrate } from './lib/calibrate.ts';");
    file('lib/calibrate.ts', "export { gain as calibrate } from './gain.ts';");
    file('lib/gain.ts', 'export const gain = (n: number) => n * 1000;');
    file('unrelated.ts', '1');
    expect((await fingerprint('tasks.ts')).files.map(({ path }) => path)).toEqual([
      './lib/calibrate.ts',
      './lib/gain.ts',
      './tasks.ts',
    ]);
    expect(
      await effect('tasks.ts', () => {
        file('unrelated.ts', '2');
      }),
    ).toBeUndefined();
    expect(
      await effect('tasks.ts', () => {
        file('lib/gain.ts', 'export const gain = (n: number) => n * 2000;');
      }),
    ).toBe('./lib/gain.ts has changed');
  });

  it('does not read a file again whose time and size are the same', async () => {
    file('tasks.ts', 'export const a = 1;');
    utimesSync(join(root, 'tasks.ts'), 1000, 1000);
    expect(
      await effect('tasks.ts', () => {
        file('tasks.ts', 'export const a = 2;');
        utimesSync(join(root, 'tasks.ts'), 1000, 1000);
      }),
    ).toBeUndefined();
  });

  it('counts changes of comments and format', async () => {
    file('tasks.ts', 'export const a = 1;');
    expect(
      await effect('tasks.ts', () => {
        appendFileSync(join(root, 'tasks.ts'), ' // a comment\n');
      }),
    ).toBe('./tasks.ts has changed');
  });

  it('is the same after the project was moved, and whatever the times of its files', async () => {
    file('tasks.ts', "import './a.ts';");
    file('a.ts', '1');
    const before = await fingerprint('tasks.ts');
    utimesSync(join(root, 'a.ts'), 1, 1);
    expect(await fingerprint('tasks.ts')).toEqual(before);
    const first = root;
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sidereal-code-')));
    rmSync(first, { recursive: true });
    file('tasks.ts', "import './a.ts';");
    file('a.ts', '1');
    expect(await fingerprint('tasks.ts')).toEqual(before);
  });

  it('names the package whose version has changed, and does not look into it', async () => {
    file('tasks.ts', "import { fit } from '@lab/fit/deep'; import 'node:fs'; import path from 'path';");
    install('@lab/fit', '1.0.0');
    expect((await fingerprint('tasks.ts')).packages).toEqual(['@lab/fit@1.0.0']);
    expect(
      await effect('tasks.ts', () => {
        file('node_modules/@lab/fit/index.js', 'export const x = 2;');
      }),
    ).toBeUndefined();
    expect(
      await effect('tasks.ts', () => {
        install('@lab/fit', '1.0.1');
      }),
    ).toBe('@lab/fit 1.0.0 is now 1.0.1');
  });

  it('follows members of a workspace as code of the project', async () => {
    file('package.json', '{"name":"root"}');
    file(
      'packages/fit/package.json',
      '{"name":"fit","version":"1.0.0","exports":{".":"./src/fit.ts","./*":"./src/*.ts"}}',
    );
    file('packages/fit/src/fit.ts', "import { a } from '#internal'; import 'fit/self';");
    file('packages/fit/src/self.ts', '1');
    mkdirSync(join(root, 'node_modules'));
    symlinkSync('../packages/fit', join(root, 'node_modules/fit'), 'dir');
    file('flows/tasks.ts', "import 'fit';");
    const { files, packages } = await fingerprint('flows/tasks.ts');
    expect(files.map(({ path }) => path)).toEqual([
      './flows/tasks.ts',
      './packages/fit/src/fit.ts',
      './packages/fit/src/self.ts',
    ]);
    expect(packages).toEqual(['#internal@not installed']);
    file(
      'packages/fit/package.json',
      '{"name":"fit","exports":{".":"./src/fit.ts","./*":"./src/*.ts"},"imports":{"#internal":"./src/inner.ts"}}',
    );
    file('packages/fit/src/inner.ts', '1');
    expect((await fingerprint('flows/tasks.ts')).files).toContainEqual({
      path: './packages/fit/src/inner.ts',
      digest: expect.stringMatching(/^[\da-f]{16}$/),
    });
  });

  it('follows CommonJS, and paths as loaders find them', async () => {
    file('tasks.cjs', "const a = require('./a'); const { b } = require('./lib'); require('./c.json');");
    file('a.js', "require('./compiled.js')");
    file('compiled.ts', '1');
    file('lib/index.cjs', '1');
    file('c.json', '{}');
    expect((await fingerprint('tasks.cjs')).files.map(({ path }) => path)).toEqual([
      './a.js',
      './c.json',
      './compiled.ts',
      './lib/index.cjs',
      './tasks.cjs',
    ]);
  });

  it('holds data and WebAssembly that is imported', async () => {
    file(
      'tasks.ts',
      "import table from './table.json' with { type: 'json' }; import source sum from './sum.wasm';",
    );
    file('table.json', '[1]');
    file('sum.wasm', '\0asm');
    expect(
      await effect('tasks.ts', () => {
        file('table.json', '[2]');
      }),
    ).toBe('./table.json has changed');
    expect(
      await effect('tasks.ts', () => {
        file('sum.wasm', '\0asm2');
      }),
    ).toBe('./sum.wasm has changed');
  });

  it('says what is not there, and when it comes', async () => {
    file('tasks.ts', "import './gone.ts'; import 'not-there';");
    const { files, packages } = await fingerprint('tasks.ts');
    expect(files).toContainEqual({ path: './gone.ts', digest: '' });
    expect(packages).toEqual(['not-there@not installed']);
    expect(
      await effect('tasks.ts', () => {
        file('gone.ts', '1');
        install('not-there', '1.0.0');
      }),
    ).toBe('./gone.ts is new and not-there 1.0.0 is new');
  });

  it('ends for rings of imports', async () => {
    file('a.ts', "import './b.ts';");
    file('b.ts', "import './a.ts'; import './b.ts';");
    expect((await fingerprint('a.ts')).files).toHaveLength(2);
    expect(
      await effect('a.ts', () => {
        file('b.ts', "import './a.ts';");
      }),
    ).toBe('./b.ts has changed');
  });

  it('of a bundle is the bundle', async () => {
    file(
      'tasks.ts',
      "import { gain } from './gain.ts'; import { task } from 'sidereal'; export { gain, task };",
    );
    file('gain.ts', 'export const gain = 2;');
    install('sidereal', '0.1.0');
    const pack = async (): Promise<void> => {
      await using bundle = await rolldown({ input: join(root, 'tasks.ts'), external: ['sidereal'] });
      await bundle.write({ file: join(root, 'dist/bundle.mjs') });
    };
    await pack();
    const before = await fingerprint('dist/bundle.mjs');
    expect(before).toMatchObject({ files: [{ path: './dist/bundle.mjs' }], packages: ['sidereal@0.1.0'] });
    file('gain.ts', 'export const gain = 3;');
    await pack();
    expect(compareFingerprints(before, await fingerprint('dist/bundle.mjs'))).toBe(
      './dist/bundle.mjs has changed',
    );
  });

  it('is left out for code that has no file', async () => {
    file('a.ts', '1');
    const { href } = pathToFileURL(join(root, 'a.ts'));
    const modules = ['', 'data:text/javascript,1', `${href}?t=1`].map((url) => ({ module: url, url }));
    expect((await code.of({ root, modules })).map(({ module }) => module)).toEqual([`${href}?t=1`]);
  });
});
