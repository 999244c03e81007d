import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder with a `package.json` that gives a name. */
export interface PackageFolder {
  readonly name: string;
  /** Path without a separator at its end. */
  readonly folder: string;
}

/**
 * The package that a folder belongs to: the nearest at or above it whose `package.json` has a name. The search ends at
 * the folder of a `.git`: a `package.json` that happens to lie in somebody's home is not the project's.
 */
export function packageOf(folder: string): PackageFolder | undefined {
  for (const at of upwards(folder)) {
    const name = packageName(at);
    if (name !== undefined) return { name, folder: at };
    if (hasGit(at)) return undefined;
  }
  return undefined;
}

/** The name in a folder's `package.json`; undefined if there is none, as in `{ "type": "module" }`. */
export function packageName(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('name' in manifest)) return undefined;
    return typeof manifest.name === 'string' && manifest.name !== '' ? manifest.name : undefined;
  } catch {
    return undefined; // not there, or not JSON: Node.js will say so where it matters
  }
}

/** The folder of the nearest `.git` (a folder, or the file that a worktree has), at or above a folder. */
export function gitRootOf(folder: string): string | undefined {
  return upwards(folder).find(hasGit);
}

function hasGit(folder: string): boolean {
  return statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}

/** A folder and those above it. */
export function upwards(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}
