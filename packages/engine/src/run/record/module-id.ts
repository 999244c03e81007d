import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const known = new Map<string, string>();

/**
 * A module's identity for task keys and for people: its path inside its project (the nearest folder with a
 * package.json), so that a moved or cloned project keeps its keys; its file name if there is no project.
 */
export function moduleId(url: string): string {
  const before = known.get(url);
  if (before !== undefined) return before;
  const id = url.startsWith('file:') ? inProject(fileURLToPath(url.replace(/[?#].*$/, ''))) : url;
  known.set(url, id);
  return id;
}

function inProject(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return relative(folder, path).split(sep).join('/');
    if (folder === dirname(folder)) return basename(path);
  }
}
