import { fileURLToPath } from 'node:url';

/**
 * Frames of Sidereal are not the user's; its tests are. Built, all its code lies in one folder; in the
 * repository this package's sources lie beside those of its siblings.
 */
const here = new URL('.', import.meta.url).href;
const SOURCES = '/packages/engine/src/identity/';
const ownFolders = here.endsWith(SOURCES)
  ? ['core', 'engine', 'store', 'cli', 'sidereal'].map((name) => new URL(`../../../${name}/src/`, here).href)
  : [here];
const ownPaths = ownFolders.map((folder) => fileURLToPath(folder));

/** Does a stack pass through code of Sidereal? */
export function isOfPackage(stack: string): boolean {
  return [...ownFolders, ...ownPaths].some((folder) => stack.includes(folder));
}

/** Does a frame's file, by URL or path, belong to Node.js or to Sidereal? Code without a file is nobody's. */
export function isOwnCode(file: string): boolean {
  if (file === '' || file.startsWith('node:')) return true;
  if (/\.test(-d)?\.ts$/.test(file) || file.includes('/testing/')) return false;
  return (
    ownFolders.some((folder) => file.startsWith(folder)) || ownPaths.some((path) => file.startsWith(path))
  );
}
