import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModuleNames, packageCopiesText } from './module-names.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sidereal-names-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file and gives its URL. */
function file(path: string, text = ''): string {
  const at = join(folder, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, text);
  return pathToFileURL(at).href;
}

function manifest(path: string, content: object): void {
  file(join(path, 'package.json'), JSON.stringify(content));
}

function project(): void {
  mkdirSync(join(folder, '.git'));
}

describe('a module is named', () => {
  it('by its package and its path in it', () => {
    project();
    manifest('.', { name: '@lab/cube' });
    const names = new ModuleNames(file('flows/main.ts'));
    expect(names.of(file('flows/main.ts'))).toBe('@lab/cube/flows/main.ts');
    expect(names.of(file('src/deep/clean.ts'))).toBe('@lab/cube/src/deep/clean.ts');
  });

  it('by the nearest package.json that has a name', () => {
    project();
    manifest('.', { name: 'cube' });
    manifest('dist', { type: 'module' });
    file('dist/broken/package.json', '{ not JSON');
    const names = new ModuleNames(file('dist/broken/main.js'));
    expect(names.of(file('dist/broken/main.js'))).toBe('cube/dist/broken/main.js');
  });

  it('by its path from the project’s root, if it has no package', () => {
    project();
    const names = new ModuleNames(file('flows/main.ts'));
    expect(names.root).toBe(folder);
    expect(names.of(file('flows/main.ts'))).toBe('./flows/main.ts');
    expect(names.of(file('main.ts'))).toBe('./main.ts');
  });

  it('by its path from the flow’s folder, without a repository', () => {
    const names = new ModuleNames(file('flows/main.ts'));
    expect(names.of(file('flows/main.ts'))).toBe('./main.ts');
    expect(names.of(file('flows/stages/main.ts'))).toBe('./stages/main.ts');
    expect(names.of(file('shared/main.ts'))).toBe('../shared/main.ts');
  });

  it('not by a package.json above the repository', () => {
    manifest('.', { name: 'home' });
    mkdirSync(join(folder, 'cube/.git'), { recursive: true });
    const names = new ModuleNames(file('cube/main.ts'));
    expect(names.of(file('cube/main.ts'))).toBe('./main.ts');
  });

  it('alike in every repository within the project, but never the same', () => {
    project();
    file('one/.git', 'gitdir: ../.git/modules/one');
    file('two/.git', 'gitdir: ../.git/modules/two');
    const names = new ModuleNames(file('main.ts'));
    expect(names.of(file('one/load.ts'))).toBe('./one/load.ts');
    expect(names.of(file('two/load.ts'))).toBe('./two/load.ts');
  });

  it('without its query', () => {
    const url = file('main.ts');
    const names = new ModuleNames(`${url}?t=1`);
    expect(names.of(`${url}?t=2`)).toBe('./main.ts');
  });

  it('by what there is, if it is no file', () => {
    const names = new ModuleNames('');
    expect(names.of('')).toBe('[code]');
    expect(names.of('data:text/javascript,1')).toMatch(/^data:[\da-f]{32}$/);
    expect(names.of('data:text/javascript,2')).not.toBe(names.of('data:text/javascript,1'));
    expect(names.of('https://lab.example/a.js')).toBe('https://lab.example/a.js');
  });

  it('the same after the project was moved', () => {
    project();
    manifest('.', { name: 'cube' });
    manifest('node_modules/lib', { name: 'lib' });
    const paths = ['src/a.ts', 'node_modules/lib/index.js'];
    const names = new ModuleNames(file('src/a.ts'));
    const before = paths.map((path) => names.of(file(path)));
    const first = folder;
    folder = `${folder}-moved`;
    renameSync(first, folder);
    const moved = new ModuleNames(file('src/a.ts'));
    expect(paths.map((path) => moved.of(file(path)))).toEqual(before);
    expect(before).toEqual(['cube/src/a.ts', 'lib/index.js']);
  });
});

describe('copies of one package', () => {
  it('are told apart by their paths, whichever is loaded first', () => {
    project();
    manifest('.', { name: 'cube' });
    manifest('node_modules/lib', { name: 'lib' });
    manifest('node_modules/other/node_modules/lib', { name: 'lib' });
    const urls = ['node_modules/lib/load.js', 'node_modules/other/node_modules/lib/load.js'].map((path) =>
      file(path),
    );
    const expected = ['lib/load.js', 'lib@./node_modules/other/node_modules/lib/load.js'];
    const forwards = new ModuleNames(file('main.ts'));
    expect(urls.map((url) => forwards.of(url))).toEqual(expected);
    const backwards = new ModuleNames(file('main.ts'));
    expect(urls.toReversed().map((url) => backwards.of(url))).toEqual(expected.toReversed());
    // Nor does it matter whether the other is there at all.
    expect(new ModuleNames(file('main.ts')).of(urls[1]!)).toBe(expected[1]);
    expect(backwards.copies.map(packageCopiesText)).toEqual([
      "package 'lib' is there more than once: ./node_modules/lib and ./node_modules/other/node_modules/lib. " +
        'Their tasks are told apart by these paths.',
    ]);
    expect(backwards.copies).toEqual([
      { name: 'lib', folders: ['./node_modules/lib', './node_modules/other/node_modules/lib'] },
    ]);
  });

  it('are none if links lead to one folder', () => {
    project();
    manifest('.', { name: 'root' });
    manifest('packages/a', { name: 'a' });
    manifest('packages/b', { name: 'b' });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync('../packages/b', join(folder, 'node_modules/b'), 'dir');
    file('packages/b/src/load.ts');
    const names = new ModuleNames(file('packages/a/main.ts'));
    const linked = pathToFileURL(join(folder, 'node_modules/b/src/load.ts')).href;
    expect(names.of(linked)).toBe('b/src/load.ts');
    expect(names.of(file('packages/b/src/load.ts'))).toBe('b/src/load.ts');
    expect(names.of(file('packages/a/main.ts'))).toBe('a/main.ts');
    expect(names.copies).toEqual([]);
  });

  it('that only a path leads to never have a name that another could take', () => {
    project();
    manifest('old', { name: 'load' });
    manifest('new', { name: 'load' });
    const names = new ModuleNames(file('main.ts'));
    expect(names.of(file('old/src/index.ts'))).toBe('load@./old/src/index.ts');
    expect(names.of(file('new/src/index.ts'))).toBe('load@./new/src/index.ts');
  });

  it('give way to the package that the flow lies in', () => {
    project();
    manifest('.', { name: 'cube' });
    manifest('node_modules/cube', { name: 'cube' });
    const names = new ModuleNames(file('flows/main.ts'));
    expect(names.of(file('src/a.ts'))).toBe('cube/src/a.ts');
    expect(names.of(file('node_modules/cube/src/a.ts'))).toBe('cube@./node_modules/cube/src/a.ts');
  });
});
