import { runBody } from './body-container.ts';
import type { MainScope } from './main-scope.ts';
import type { RunFuture } from './run-future.ts';

/** A named part of a flow's body. */
export function runGroup<T>(scope: MainScope, name: string, body: () => Promise<T>): RunFuture {
  return runBody(scope, 'group', name, [], () => body());
}
