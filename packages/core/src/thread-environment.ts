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
 * The environment of a process, for a worker thread that keeps Node's compile cache: in `temporaryFolder`, where
 * `module.enableCompileCache()` keeps it as well, unless the user has chosen a place.
 *
 * A thread that finds a TypeScript module there need not strip its types, which every thread does with a
 * WebAssembly module of its own otherwise: it starts in half the time and takes half the memory. Nor can it die
 * of that: V8 13.6 frees a wrapper that the process's threads share while another of them calls through it
 * (SIGSEGV below `Runtime_TierUpWasmToJSWrapper`; rarely, and where processors are busy).
 */
export function threadEnvironment(environment: Environment, temporaryFolder: string): ThreadEnvironment {
  if (environment[COMPILE_CACHE] !== undefined) return { variables: environment, added: undefined };
  const folder = `${temporaryFolder}/node-compile-cache`;
  return { variables: { ...environment, [COMPILE_CACHE]: folder }, added: COMPILE_CACHE };
}
