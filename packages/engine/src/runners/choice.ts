import { availableParallelism } from 'node:os';

/** Which runner a flow wants, and how wide. */
export type RunnerChoice =
  | { readonly runner: 'inline'; readonly size: number | undefined }
  | { readonly runner: 'threads'; readonly size: number };

/** Task code executes on the flow's own thread; good for I/O. `size` async tasks at once, default 64. */
export function inline(size?: number): RunnerChoice {
  return { runner: 'inline', size };
}

/** Task code executes on worker threads, one task at a time on each; default: one thread a core. */
export function threads(size: number = availableParallelism()): RunnerChoice {
  return { runner: 'threads', size };
}
