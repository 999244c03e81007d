/** Where Node.js is told to keep what it has made of modules, for threads and processes that start later. */
const COMPILE_CACHE = 'NODE_COMPILE_CACHE';

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables for a worker thread. */
export interface ThreadEnvironment {
  readonly variables: Environment;
  /** The variable that is in them for the thread's start only; undefined if nothing was added. */
  readonly added: string | undefined;
}

/**
 * The environment of a process, for a worker thread that keeps Node's compile cache: in the user's own folder
 * for caches (where others write, they could plant code), unless the user has chosen a place. Node does without
 * if it cannot write there.
 *
 * A thread that finds a TypeScript module there need not strip its types, which every thread does with a
 * WebAssembly module of its own otherwise: it starts sooner and takes less memory. Nor can it die of that:
 * V8 13.6 frees a wrapper that the process's threads share while another of them calls through it (SIGSEGV below
 * `Runtime_TierUpWasmToJSWrapper`; rarely, and where processors are busy).
 */
export function threadEnvironment(environment: Environment): ThreadEnvironment {
  const caches = userCaches(environment);
  if (caches === undefined || environment[COMPILE_CACHE] !== undefined) {
    return { variables: environment, added: undefined };
  }
  const folder = `${caches}/sidereal/node-compile-cache`;
  return { variables: { ...environment, [COMPILE_CACHE]: folder }, added: COMPILE_CACHE };
}

/** By the XDG base directory specification; an empty variable counts as none. */
function userCaches({ XDG_CACHE_HOME: named, HOME, USERPROFILE }: Environment): string | undefined {
  const isGiven = (folder: string | undefined): folder is string => folder !== undefined && folder !== '';
  if (isGiven(named)) return named;
  const home = [HOME, USERPROFILE].find(isGiven);
  return home === undefined ? undefined : `${home}/.cache`;
}
