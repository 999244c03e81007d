import path from 'node:path';

/**
 * A path as seen from a folder, with `/` on every system: `./flows/clean.ts`, `../shared/clean.ts`; the
 * folder itself is `.`. On another drive it is the path itself. `paths` are the rules of the system.
 */
export function pathFrom(folder: string, file: string, paths: path.PlatformPath = path): string {
  const relative = paths.relative(folder, file).split(paths.sep).join('/');
  if (relative === '') return '.';
  return relative.startsWith('../') || relative === '..' || paths.isAbsolute(relative)
    ? relative
    : `./${relative}`;
}
