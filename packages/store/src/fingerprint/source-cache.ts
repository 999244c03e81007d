import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { DIGEST_LENGTH, type SourceFile } from './code-files.ts';
import { importSpecifiers } from './import-specifiers.ts';

/** Files of other kinds (JSON, WebAssembly, addons) import nothing. */
const CODE = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '']);

interface CachedFile {
  readonly mtimeMs: number;
  readonly size: number;
  readonly file: SourceFile;
}

/** A file that was changed so shortly before it is read may change again without a new time. */
const SETTLED_MS = 1000;

/** Reads source files; again only those whose time or size has changed. */
export class SourceCache {
  readonly #files = new Map<string, CachedFile>();

  read(path: string): SourceFile | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return undefined;
    const { mtimeMs, size } = stats;
    const cached = this.#files.get(path);
    if (cached?.mtimeMs === mtimeMs && cached.size === size) return cached.file;
    const bytes = readFileSync(path);
    const file = {
      digest: hash('sha256', bytes, 'hex').slice(0, DIGEST_LENGTH),
      imports: CODE.has(extname(path)) ? importSpecifiers(bytes.toString('utf8')) : [],
    };
    if (Date.now() - mtimeMs > SETTLED_MS) this.#files.set(path, { mtimeMs, size, file });
    return file;
  }
}
