import { fileURLToPath, pathToFileURL } from 'node:url';

/** Code that no thread can import: given on the command line, typed into a REPL, read from standard input. */
const NOT_A_FILE = /(?:^|\/)\[(?:eval|stdin)\d*\](?:-wrapper)?$/;
const DRIVE = /^[A-Za-z]:[\\/]/;
const SCHEME = /^[a-z][a-z\d+.-]+:/;

/**
 * URL of the module that a frame's script is: an ES module's script is named by its URL, that of CommonJS by
 * its path. Empty for code that cannot be imported: `node -e`, a REPL, `vm`.
 */
export function moduleUrlOf(script: string): string {
  if (NOT_A_FILE.test(script)) return '';
  const isDrive = DRIVE.test(script);
  if (script.startsWith('/') || isDrive) return pathToFileURL(script, { windows: isDrive }).href;
  return SCHEME.test(script) ? script : '';
}

/** The same URL without what follows the path: `?query` makes another instance of one module, not another module. */
export function withoutQuery(url: string): string {
  return url.startsWith('file:') ? url.replace(/[?#].*$/, '') : url;
}

/** How people read a script's name: a path where it is one. */
export function pathOf(script: string): string {
  if (!script.startsWith('file:')) return script;
  try {
    return fileURLToPath(withoutQuery(script));
  } catch {
    return script; // a file URL of another machine's kind
  }
}
