import { SiderealError } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import { userCallSite } from '../identity/call-site.ts';
import { plainScope } from '../run/scope/plain-scope.ts';
import type { Scope } from '../context/scope.ts';

/**
 * The run that the calling code belongs to; the plain scope when no flow is alive in this thread. Code that
 * has lost its async context while one is alive gets `LOST_CONTEXT`: it never runs unrecorded.
 */
export function currentScope(what: string): Scope {
  const scope = ambient.storage.getStore();
  if (scope !== undefined) return scope;
  if (ambient.alive === 0 && !ambient.isRunnerThread) return plainScope;
  if (ambient.importing !== undefined) return plainScope;
  throw new SiderealError('LOST_CONTEXT', `${what} was called outside the flow that it belongs to`, {
    at: userCallSite()?.at,
    remedy:
      'A stored callback or an event listener runs without its flow. Wrap it where the flow is known: run.bind(fn).',
  });
}
