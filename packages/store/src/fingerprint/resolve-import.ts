import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ImportTarget } from './code-files.ts';
import { exportTarget } from './export-target.ts';

/** Endings that loaders and CommonJS add to a path, in this order. */
const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json', '.node'];
/** What compiled names stand for where sources run as they are. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** A package's folder and what its `package.json` says. */
interface Manifest {
  readonly folder: string;
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Finds where imports lead, by the rules of Node.js and, where these find nothing, of the loaders in use: a path without
 * its ending, a compiled name for a source. A package that a link brings in from the project (a workspace's
 * member) is code of the project and is followed; Sidereal itself is not.
 */
export class ImportResolver {
  readonly #manifests = new Map<string, Manifest | undefined>();
  readonly #targets = new Map<string, ImportTarget>();

  resolve(specifier: string, importer: string): ImportTarget {
    const key = `${dirname(importer)}\n${specifier}`;
    let target = this.#targets.get(key);
    if (target === undefined) {
      target = this.#find(specifier, importer);
      this.#targets.set(key, target);
    }
    return target;
  }

  #find(specifier: string, importer: string): ImportTarget {
    if (isBuiltin(specifier)) return { type: 'none' };
    if (/^(?:\.{1,2}(?:\/|$)|\/|file:)/.test(specifier)) return fileTarget(pathOf(specifier, importer));
    if (/^[a-z][a-z\d+.-]+:/i.test(specifier)) return { type: 'none' };
    return specifier.startsWith('#') ? this.#internal(specifier, importer) : this.#bare(specifier, importer);
  }

  #bare(specifier: string, importer: string): ImportTarget {
    const parts = specifier.split('/');
    const length = specifier.startsWith('@') ? 2 : 1;
    const name = parts.slice(0, length).join('/');
    const manifest = this.#installed(name, importer) ?? this.#own(importer, (own) => own.name === name);
    if (manifest === undefined) return { type: 'missing', specifier };
    const isForeign = manifest.folder.split(sep).includes('node_modules') || isSidereal(name);
    if (isForeign) return packageTarget(manifest);
    const subpath = ['.', ...parts.slice(length)].join('/');
    const named = entryOf(manifest, subpath);
    return named === undefined ? packageTarget(manifest) : fileTarget(join(manifest.folder, named));
  }

  /** `#name`, by the `imports` of the importer's own package: a file of it, or another package. */
  #internal(specifier: string, importer: string): ImportTarget {
    const own = this.#own(importer, ({ content }) => content['imports'] !== undefined);
    const target = own === undefined ? undefined : exportTarget(own.content['imports'], specifier);
    if (own === undefined || target === undefined) return { type: 'missing', specifier };
    return target.startsWith('./') ? fileTarget(join(own.folder, target)) : this.resolve(target, importer);
  }

  #installed(name: string, importer: string): Manifest | undefined {
    for (const folder of upwards(dirname(importer))) {
      const manifest = this.#manifestIn(join(folder, 'node_modules', name));
      if (manifest !== undefined) return manifest;
    }
    return undefined;
  }

  /** The nearest package around a file for which this holds. */
  #own(importer: string, isMeant: (manifest: Manifest) => boolean): Manifest | undefined {
    for (const folder of upwards(dirname(importer))) {
      const manifest = this.#manifestIn(folder);
      if (manifest !== undefined && isMeant(manifest)) return manifest;
    }
    return undefined;
  }

  #manifestIn(folder: string): Manifest | undefined {
    if (this.#manifests.has(folder)) return this.#manifests.get(folder);
    const manifest = readManifest(folder);
    this.#manifests.set(folder, manifest);
    return manifest;
  }
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const real = realpathSync.native(folder);
    const content: unknown = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8'));
    if (typeof content !== 'object' || content === null) return undefined;
    const name = 'name' in content && typeof content.name === 'string' ? content.name : '';
    return { folder: real, name, content: { ...content } };
  } catch {
    return undefined;
  }
}

/** The file that a package gives for `.` or `./sub/path`. */
function entryOf({ content: { exports, main } }: Manifest, subpath: string): string | undefined {
  if (exports !== undefined) return exportTarget(exports, subpath);
  return subpath === '.' && typeof main === 'string' ? main : subpath;
}

function packageTarget({ name, content: { version } }: Manifest): ImportTarget {
  return { type: 'package', name, version: typeof version === 'string' ? version : 'of no version' };
}

function isSidereal(name: string): boolean {
  return name === 'sidereal' || name.startsWith('@sidereal/');
}

function pathOf(specifier: string, importer: string): string {
  const url = new URL(specifier, pathToFileURL(importer));
  return fileURLToPath(`${url.protocol}//${url.host}${url.pathname}`);
}

/** The file that a path means; the path itself if there is none. */
function fileTarget(path: string): ImportTarget {
  const found = isFile(path) ? path : candidates(path).find(isFile);
  return { type: 'file', path: found === undefined ? path : realpathSync.native(found) };
}

/** Other files that a path may stand for. */
function candidates(path: string): string[] {
  const ending = extname(path);
  const bare = path.slice(0, path.length - ending.length);
  return [
    ...(SOURCES[ending] ?? []).map((source) => bare + source),
    ...ENDINGS.map((one) => path + one),
    ...ENDINGS.map((one) => join(path, `index${one}`)),
  ];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function upwards(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}
