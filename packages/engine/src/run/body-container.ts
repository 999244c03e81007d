import { ambient } from '../ambient.ts';
import { submitContainer } from './containers.ts';
import type { MainScope } from './main-scope.ts';
import type { RunFuture } from './run-future.ts';
import type { RunNode } from './run-node.ts';

/**
 * Runs code of the flow's body inside a container of its own (a group, a loop, a cycle): what it submits is
 * shown, counted and keyed under the container. The future gives what the code returns, once the container
 * has ended, children included.
 */
export function runBody<T>(
  outer: MainScope,
  kind: 'group' | 'loop' | 'cycle',
  name: string,
  identity: readonly unknown[],
  body: (scope: MainScope) => Promise<T>,
): RunFuture {
  const { run } = outer;
  const over = Promise.withResolvers<void>();
  const begin = (node: RunNode): void => {
    const scope = run.newScope(node);
    scope.depth = Math.max(scope.depth, outer.depth);
    node.scope = scope;
    const { token } = node;
    const execute = async (): Promise<T> => {
      const value = await body(scope);
      await run.openCalls.allSubmitted(node);
      scope.assertCallsHandled();
      return value;
    };
    ambient.storage.run(scope, execute).then(
      (value) => {
        node.value = value;
        over.resolve();
        run.attempts.containerReturned(node, token);
      },
      (error: unknown) => {
        over.resolve();
        run.attempts.threw(node, token, error);
        run.pump();
      },
    );
  };
  const node = submitContainer(run, outer, {
    kind,
    name,
    identity,
    parent: outer.node,
    work: { type: 'container', begin, assemble: undefined, body: over.promise },
  });
  // Cancelled before it began, there is no code to wait for.
  run.waiting.ended(node).then(over.resolve, over.resolve);
  return run.holds.futureOf(outer, node);
}
