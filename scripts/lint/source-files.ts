import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of TypeScript. */
export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

const ONLY_FOR_TESTS = /\.test(-d)?\.ts$|-arbitraries\.ts$|(^|\/)(testing|test-fixtures)\//;

/** All files in `folder` (a path from `root`) and below it, in the order of their paths. */
export function filesBelow(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Those that users of the package run: no tests, and nothing that only tests use. */
export function sourceFiles(root: string, folder: string): SourceFile[] {
  return filesBelow(root, folder).filter(({ path }) => !ONLY_FOR_TESTS.test(path));
}
