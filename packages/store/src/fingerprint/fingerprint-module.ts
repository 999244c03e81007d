import { hash } from 'node:crypto';
import { NOT_INSTALLED, type CodeFingerprint, type FileDigest } from '@sidereal/core';
import type { CodeFiles } from './code-files.ts';
import { DIGEST_LENGTH } from './source-cache.ts';

/** The module to begin with, and how its files are called. */
export interface ModuleEntry {
  /** Its name in the record. */
  readonly module: string;
  readonly path: string;
  /** The name of a file in the record. */
  readonly nameOf: (path: string) => string;
}

/**
 * Follows the imports of a module through the files of the project, to its fingerprint. Yields after each file that it
 * has read, so that a thread with other work can do that in between.
 */
export function* fingerprintModule(
  entry: ModuleEntry,
  code: CodeFiles,
): Generator<undefined, CodeFingerprint> {
  const files: FileDigest[] = [];
  const packages = new Set<string>();
  // A set is iterated in order of insertion, files added on the way included; so a ring of imports ends.
  const paths = new Set([entry.path]);
  for (const path of paths) {
    const file = code.read(path);
    files.push({ path: entry.nameOf(path), digest: file?.digest ?? '' });
    for (const specifier of file?.imports ?? []) {
      const target = code.resolve(specifier, path);
      if (target.type === 'file') paths.add(target.path);
      else if (target.type === 'package') packages.add(`${target.name}@${target.version}`);
      else if (target.type === 'missing') packages.add(`${target.specifier}@${NOT_INSTALLED}`);
    }
    yield;
  }
  const sorted = {
    files: files.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    packages: [...packages].toSorted(),
  };
  const text = [...sorted.files.map(({ path, digest }) => `${path} ${digest}`), ...sorted.packages].join(
    '\n',
  );
  return { module: entry.module, digest: hash('sha256', text, 'hex').slice(0, DIGEST_LENGTH), ...sorted };
}
