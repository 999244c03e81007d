import { ambient } from '../../ambient.ts';
import type { RunFuture } from '../futures/run-future.ts';
import { ended } from '../nodes/ended.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { submitContainer } from './containers.ts';
import type { AuthorScope, GroupParts } from './group-parts.ts';

/**
 * Runs code of the flow's body inside a container of its own (a group, a loop, a cycle): what it submits is
 * shown, counted and keyed under the container. The future gives what the code returns, once the container
 * has ended, children included.
 */
export function runBody<T>(
  parts: GroupParts,
  outer: AuthorScope,
  kind: 'group' | 'loop' | 'cycle',
  name: string,
  identity: readonly unknown[],
  body: (scope: AuthorScope) => Promise<T>,
): RunFuture {
  const { loop, values, futures, openCalls, attempts, outcomes, submissions, newScope } = parts;
  const over = Promise.withResolvers<void>();
  const begin = (node: RunNode): void => {
    const scope = newScope(node);
    scope.depth = Math.max(scope.depth, outer.depth);
    attempts.enter(node, scope);
    const { token } = node;
    const execute = async (): Promise<T> => {
      const value = await body(scope);
      await openCalls.allSubmitted(node);
      scope.assertCallsHandled();
      return value;
    };
    ambient.storage.run(scope, execute).then(
      (value) => {
        values.put(node, value);
        over.resolve();
        outcomes.containerReturned(node, token);
      },
      (error: unknown) => {
        over.resolve();
        outcomes.threw(node, token, error);
        loop.pump();
      },
    );
  };
  const node = submitContainer(submissions, outer, {
    kind,
    name,
    identity,
    work: { type: 'container', begin, assemble: undefined, body: over.promise },
  });
  // Cancelled before it began, there is no code to wait for.
  ended(node).then(over.resolve, over.resolve);
  return futures.futureOf(outer, node);
}
