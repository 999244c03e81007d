import { basename, dirname, resolve } from 'node:path';

/** A module that is started as a thread of its own, and the name of the file that it becomes. */
export interface WorkerEntry {
  readonly source: string;
  readonly name: string;
}

const REFERENCE = /new URL\(\s*'(\.{1,2}\/[^']+)\.ts',\s*import\.meta\.url\s*\)/g;

/**
 * Sources name a thread's module as `new URL('./thread-entry.ts', import.meta.url)`. Built, all files lie in
 * one folder: the reference becomes `new URL('./thread-entry.js', import.meta.url)`, and the module an entry.
 *
 * @param path of the module whose source is `code`
 */
export function rewriteWorkerUrls(
  code: string,
  path: string,
): { code: string; entries: readonly WorkerEntry[] } {
  const entries: WorkerEntry[] = [];
  const rewritten = code.replaceAll(REFERENCE, (_match, specifier: string) => {
    const name = basename(specifier);
    entries.push({ source: resolve(dirname(path), `${specifier}.ts`), name });
    return `new URL('./${name}.js', import.meta.url)`;
  });
  return { code: rewritten, entries };
}
