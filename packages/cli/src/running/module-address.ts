import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A module, and the export (or name) of the flow in it, as `MODULE[:EXPORT]` says. */
export interface ModuleAddress {
  /** URL to import. */
  readonly url: string;
  /** What people call it: its path. */
  readonly path: string;
  readonly entry: string | undefined;
}

/** Reads `pipeline.ts`, `pipeline.ts:imageCube`, `file:///…/pipeline.ts`. A file whose name has a colon wins. */
export function parseModuleAddress(text: string, cwd: string): ModuleAddress {
  const match = /^(.{2,}):([\p{ID_Start}$_][\p{ID_Continue}$-]*)$/u.exec(text);
  if (match === null || isFile(text, cwd)) return { ...locate(text, cwd), entry: undefined };
  return { ...locate(match[1] ?? '', cwd), entry: match[2] };
}

function locate(text: string, cwd: string): { readonly url: string; readonly path: string } {
  if (text.startsWith('file://')) return { url: text, path: fileURLToPath(text.replace(/[?#].*$/, '')) };
  const path = resolve(cwd, text);
  return { url: pathToFileURL(path).href, path };
}

function isFile(text: string, cwd: string): boolean {
  return !text.startsWith('file://') && existsSync(resolve(cwd, text));
}
