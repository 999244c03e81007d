import type { RunFuture } from '../futures/run-future.ts';
import { runBody } from './body-container.ts';
import type { AuthorScope, GroupParts } from './group-parts.ts';

/** A named part of a flow's body. */
export function runGroup<T>(
  parts: GroupParts,
  scope: AuthorScope,
  name: string,
  body: () => Promise<T>,
): RunFuture {
  return runBody(parts, scope, 'group', name, [], () => body());
}
