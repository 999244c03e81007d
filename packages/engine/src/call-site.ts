import { fileURLToPath } from 'node:url';

/** Where user code stands: the module's URL, and the line as people read it. */
export interface CodeLocation {
  /** URL of the module, `file:///…`; empty if the code has none (a REPL, `node -e`). */
  readonly module: string;
  /** `path:line:column`. */
  readonly at: string;
  /** Name of the enclosing function, empty at module level and in anonymous functions. */
  readonly functionName: string;
}

const FRAME = /^\s*at (?:async )?(?:(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;
/**
 * Frames of Sidereal are not the user's; its tests are. Built, all its code lies in one folder; in the
 * repository this package's sources lie beside those of its siblings.
 */
const here = new URL('.', import.meta.url).href;
const ownFolders = here.endsWith('/packages/engine/src/')
  ? ['core', 'engine', 'store', 'cli', 'sidereal'].map((name) => new URL(`../../${name}/src/`, here).href)
  : [here];
const ownPaths = ownFolders.map((folder) => fileURLToPath(folder));

function isOwn(file: string): boolean {
  if (/\.test(-d)?\.ts$/.test(file) || file.includes('/testing/')) return false;
  return (
    ownFolders.some((folder) => file.startsWith(folder)) || ownPaths.some((path) => file.startsWith(path))
  );
}

/** The user's frame in a stack: the first that belongs neither to Node nor to this package. */
export function userFrame(stack: string | undefined): CodeLocation | undefined {
  if (stack === undefined) return undefined;
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line);
    if (match === null) continue;
    const [, functionName = '', file = '', row, column] = match;
    if (isOwn(file)) continue;
    const path = file.startsWith('file://') ? fileURLToPath(file.replace(/\?.*$/, '')) : file;
    const module = file.startsWith('file://') ? file : new URL(`file://${encodeURI(file)}`).href;
    return { module, at: `${path}:${row}:${column}`, functionName };
  }
  return undefined;
}

/** The user's line that called into this package just now. Costs some microseconds: not for hot paths. */
export function userCallSite(): CodeLocation | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 20;
  const { stack } = new Error('call site');
  Error.stackTraceLimit = limit;
  return userFrame(stack);
}
