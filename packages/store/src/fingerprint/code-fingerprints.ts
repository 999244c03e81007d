import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CodeFingerprint, FingerprintRequest } from '@sidereal/core';
import { CodeGraph } from './code-graph.ts';
import { fingerprintModule } from './fingerprint-module.ts';
import { ImportResolver } from './resolve-import.ts';
import { SourceCache } from './source-cache.ts';

/** The thread does other work after so many milliseconds. */
const TURN_MS = 4;

/** Fingerprints code from the file system, a little at a time. Files are read once, and again when they change. */
export class CodeFingerprints {
  readonly #sources = new SourceCache();

  /** One for each module, in their order. Code without a file has none, and is left out. */
  async of({ root, modules }: FingerprintRequest): Promise<readonly CodeFingerprint[]> {
    // What is where may change between requests, not within one.
    const resolver = new ImportResolver();
    const graph = new CodeGraph({
      read: (path) => this.#sources.read(path),
      resolve: (specifier, importer) => resolver.resolve(specifier, importer),
      nameOf: (path) => nameOf(root, path),
    });
    const fingerprints: CodeFingerprint[] = [];
    let since = performance.now();
    for (const { module, url } of modules) {
      const path = pathOf(url);
      if (path === undefined) continue;
      const steps = fingerprintModule(module, path, graph);
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) {
          fingerprints.push(value);
          break;
        }
        if (performance.now() - since < TURN_MS) continue;
        await setImmediate();
        since = performance.now();
      }
    }
    return fingerprints;
  }
}

function pathOf(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  const path = fileURLToPath(url.replace(/[?#].*$/, ''));
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** A file as seen from the project's root, with `/`. */
function nameOf(root: string, file: string): string {
  const path = relative(root, file).split(sep).join('/');
  return path.startsWith('../') || isAbsolute(path) ? path : `./${path}`;
}
