import { hash } from 'node:crypto';
import type { CodeFingerprint, FileDigest } from '@sidereal/core';
import { DIGEST_LENGTH } from './code-files.ts';
import type { CodeGraph } from './code-graph.ts';

/**
 * Follows the imports of a module through the files of the project, to its fingerprint. Yields after each file, so
 * that a thread with other work can do that in between.
 */
export function* fingerprintModule(
  module: string,
  path: string,
  graph: CodeGraph,
): Generator<undefined, CodeFingerprint> {
  const files: FileDigest[] = [];
  const packages = new Set<string>();
  // A set is iterated in order of insertion, files added on the way included; so a ring of imports ends.
  const paths = new Set([path]);
  for (const at of paths) {
    const node = graph.node(at);
    files.push({ path: node.name, digest: node.digest });
    for (const file of node.files) paths.add(file);
    for (const one of node.packages) packages.add(one);
    yield;
  }
  files.sort((one, other) => (one.path < other.path ? -1 : 1));
  const names = [...packages].toSorted();
  const text = [...files.map((file) => `${file.path} ${file.digest}`), ...names].join('\n');
  return { module, digest: hash('sha256', text, 'hex').slice(0, DIGEST_LENGTH), files, packages: names };
}
