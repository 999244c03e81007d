import { AsyncResource } from 'node:async_hooks';

/**
 * The async context in which a call was made, kept until its code executes: what an `AsyncLocalStorage` of the author's
 * holds there follows the caller, whoever else calls meanwhile and whoever woke the run.
 */
export type CallerContext = AsyncResource;

/** Nothing is told of its end: there is nothing to be freed. */
const OPTIONS = { requireManualDestroy: true } as const;

/** That of the code which executes just now. */
export function callerContext(): CallerContext {
  return new AsyncResource('SiderealCall', OPTIONS);
}
