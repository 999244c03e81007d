import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { importedModules, rewriteImports } from './declaration-imports.ts';

/**
 * Writes the declarations of the package `sidereal` into `folder`, and of everything that they mention, so
 * that no name of another package of this repository is left in them.
 *
 * @returns how many files it wrote
 */
export function emitDeclarations(root: string, folder: string): number {
  const emitted = mkdtempSync(join(tmpdir(), 'sidereal-types-'));
  try {
    compile(root, emitted);
    const pending = [join(emitted, 'sidereal', 'src', 'index.d.ts')];
    const seen = new Set(pending);
    for (const file of pending) {
      const text = readFileSync(file, 'utf8');
      for (const specifier of importedModules(text)) {
        const target = locate(specifier, file, emitted);
        if (target === undefined || seen.has(target)) continue;
        seen.add(target);
        pending.push(target);
      }
      const path = published(file, emitted);
      const rewritten = rewriteImports(text, (specifier) => {
        const target = locate(specifier, file, emitted);
        return target === undefined ? specifier : relativeModule(path, published(target, emitted));
      });
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), rewritten);
    }
    return pending.length;
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

function compile(root: string, outDir: string): void {
  const config = join(outDir, 'tsconfig.json');
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: join(root, 'packages'),
      outDir,
      // Found through node_modules, the other packages would count as foreign, and not be emitted.
      paths: {
        '@sidereal/core/errors': [join(root, 'packages', 'core', 'src', 'errors.ts')],
        '@sidereal/*': [join(root, 'packages', '*', 'src', 'index.ts')],
      },
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [],
    files: [join(root, 'packages', 'sidereal', 'src', 'index.ts')],
  };
  writeFileSync(config, JSON.stringify(settings));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the declarations could not be made:\n${stdout}`);
}

/** The emitted file that an import of `file` means; `undefined` if it is no module of this repository. */
function locate(specifier: string, file: string, emitted: string): string | undefined {
  const [, name, entry = 'index'] = /^@sidereal\/([\w-]+)(?:\/([\w-]+))?$/.exec(specifier) ?? [];
  if (name !== undefined) return join(emitted, name, 'src', `${entry}.d.ts`);
  if (!specifier.startsWith('.')) return undefined;
  const target = join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts'));
  if (!existsSync(target))
    throw new Error(`${file} imports ${specifier}, for which there are no declarations`);
  return target;
}

/** `engine/src/authoring/task.d.ts` is published as `engine/authoring/task.d.ts`. */
function published(file: string, emitted: string): string {
  const [name = '', , ...rest] = relative(emitted, file).split(sep);
  return [name, ...rest].join('/');
}

function relativeModule(from: string, to: string): string {
  const path = relative(dirname(from), to)
    .split(sep)
    .join('/')
    .replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
