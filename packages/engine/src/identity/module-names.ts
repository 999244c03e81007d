/**
 * What modules are called in task keys and in the record, so that a project that was moved, cloned or installed
 * elsewhere keeps its keys, and no two modules of a run share a name:
 *
 * - `imaging/src/clean.ts`: the name of the package (of the nearest `package.json` that has one) and the path in it.
 * - `./flows/clean.ts`: a module of no package, by its path from the project's root.
 * - `imaging@./old/imaging/src/clean.ts`: a module of a package that is not *the* package of its name.
 * - `data:…` by its content, `[code]` for what has no file, other URLs as they are.
 *
 * The project's **root** is the folder of the nearest `.git` at or above the flow's file, else that file's folder. One
 * root holds for all modules of a run, so that paths from it cannot coincide.
 *
 * *The* package of a name is the one that the flow's file lies in, or else the one that its file gets by importing
 * that name: found in the `node_modules` of its own folder or above, links followed, so that a workspace's member is
 * itself wherever it is linked. All others are named with their path: further copies of an installed package, and folders
 * that nothing but a relative path leads to. The rule asks the file system only; which copy was loaded first, and
 * whether another is loaded at all, cannot change a name.
 */
import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutQuery } from './module-url.ts';
import { gitRootOf, packageName, packageOf, upwards, type PackageFolder } from './package-folder.ts';
import { pathFrom } from './path-from.ts';

/** Two folders in use that are one package by name. */
export interface PackageCopies {
  readonly name: string;
  /** Folders, as paths from the project's root. */
  readonly folders: readonly string[];
}

/** A note about them, in words. */
export function packageCopiesText({ name, folders }: PackageCopies): string {
  const last = folders.at(-1) ?? '';
  const others = folders.slice(0, -1).join(', ');
  return `package '${name}' is there more than once: ${others} and ${last}. Their tasks are told apart by these paths.`;
}

/** The names of modules in one run. */
export class ModuleNames {
  /** The project's root, an absolute path. Paths of files in the record start from it. */
  readonly root: string;
  readonly #flowFolder: string;
  readonly #names = new Map<string, string>();
  readonly #folders = new Map<string, Set<string>>();
  readonly #canonical = new Map<string, string | undefined>();

  /** `flowModule`: URL of the module that defines the run's flow; empty if it has none, then the working folder counts. */
  constructor(flowModule: string) {
    this.#flowFolder = flowModule.startsWith('file:') ? dirname(realPath(flowModule)) : process.cwd();
    this.root = gitRootOf(this.#flowFolder) ?? this.#flowFolder;
  }

  /** The name of the module with this URL; `[code]` for the empty one. */
  of(url: string): string {
    let name = this.#names.get(url);
    if (name === undefined) {
      name = this.#nameOf(url);
      this.#names.set(url, name);
    }
    return name;
  }

  /** Packages of which more than one copy has been named, for a note: they are told apart by their paths. */
  get copies(): readonly PackageCopies[] {
    return [...this.#folders]
      .filter(([, folders]) => folders.size > 1)
      .map(([name, folders]) => ({
        name,
        folders: [...folders].map((folder) => pathFrom(this.root, folder)).toSorted(),
      }));
  }

  #nameOf(url: string): string {
    if (url === '') return '[code]';
    if (url.startsWith('data:')) return `data:${hash('sha256', url, 'hex').slice(0, 32)}`;
    if (!url.startsWith('file:')) return url;
    const path = realPath(url);
    const home = packageOf(dirname(path));
    if (home === undefined) return pathFrom(this.root, path);
    const folders = this.#folders.get(home.name) ?? new Set();
    this.#folders.set(home.name, folders.add(home.folder));
    return this.#isThePackage(home)
      ? `${home.name}/${pathFrom(home.folder, path).slice('./'.length)}`
      : `${home.name}@${pathFrom(this.root, path)}`;
  }

  #isThePackage({ name, folder }: PackageFolder): boolean {
    if (!this.#canonical.has(name)) this.#canonical.set(name, this.#importedBy(name));
    return this.#canonical.get(name) === folder;
  }

  /** The folder of the package that the flow's file gets by this name. */
  #importedBy(name: string): string | undefined {
    const folders = upwards(this.#flowFolder);
    const enclosing = folders.find((folder) => packageName(folder) === name);
    if (enclosing !== undefined) return enclosing;
    for (const folder of folders) {
      const installed = join(folder, 'node_modules', name);
      if (packageName(installed) === name) return realpathSync(installed);
    }
    return undefined;
  }
}

/** Links followed, as Node.js does unless it is told otherwise; a file that is gone is where it was. */
function realPath(url: string): string {
  const path = fileURLToPath(withoutQuery(url));
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
