import { callerContext } from '../../context/caller-context.ts';
import type { ContainerKind, OperationPerformer } from '../../context/operation.ts';
import type { RunFuture } from '../futures/run-future.ts';
import { ended } from '../nodes/ended.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { submitContainer } from './containers.ts';
import type { GroupParts } from './group-parts.ts';
import type { CodeScope } from '../nodes/code-scope.ts';

/**
 * Runs code of the flow's body inside a container of its own (a group, a loop, a cycle): what it submits is
 * shown, counted and keyed under the container. The future gives what the code returns, once the container
 * has ended, children included.
 */
export function runBody(
  parts: GroupParts,
  outer: CodeScope,
  kind: ContainerKind,
  name: string,
  turn: readonly unknown[],
  body: (inner: OperationPerformer) => Promise<unknown>,
): RunFuture {
  const { loop, values, futures, openCalls, attempts, outcomes, submissions, contents, newScope } = parts;
  const over = Promise.withResolvers<void>();
  let given: string | undefined;
  // What a cycle gives goes to its loop alone.
  const isConsumed = kind !== 'cycle';
  const begin = (node: RunNode): void => {
    const scope = newScope(node);
    scope.depth = Math.max(scope.depth, outer.depth);
    attempts.enter(node, scope);
    const { token } = node;
    const execute = async (): Promise<unknown> => {
      const value = await body(scope.author);
      await openCalls.allSubmitted(node);
      await scope.dropsKnown();
      scope.assertCallsHandled();
      return value;
    };
    scope.within(execute).then(
      (value) => {
        values.put(node, value);
        if (isConsumed) given = contents.textOf(value);
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
    identity: parts.intake.textOfValue(turn),
    at: () => undefined,
    work: {
      type: 'container',
      caller: callerContext(),
      begin,
      assemble: undefined,
      body: over.promise,
      ...(isConsumed ? { ended: (container: RunNode) => contents.ended(container, given) } : {}),
    },
  });
  // Cancelled before it began, there is no code to wait for.
  ended(node).then(over.resolve, over.resolve);
  return futures.futureOf(outer, node);
}
