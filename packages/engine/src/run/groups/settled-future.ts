import { userCallSite } from '../../identity/call-site.ts';
import { flowEnded, foreignFuture } from '../calls/call-errors.ts';
import { RunFuture } from '../futures/run-future.ts';
import { TOLERANT_OPTIONS } from '../nodes/resolved-options.ts';
import { RunNode } from '../nodes/run-node.ts';
import type { GroupParts } from './group-parts.ts';
import type { CodeScope } from '../nodes/code-scope.ts';

/**
 * A future of how a run ends, which never rejects: a node of the engine's own (not recorded) that comes after
 * the run under `all_done`, so that it may be awaited or passed on like any other future.
 */
export function settledFuture(
  parts: GroupParts,
  scope: CodeScope,
  future: PromiseLike<unknown>,
): PromiseLike<unknown> {
  if (!(future instanceof RunFuture)) {
    return Promise.resolve(future).then(
      (value) => ({ state: 'completed', value }),
      (error: unknown) => ({ state: 'failed', error }),
    );
  }
  const { loop, futures, openCalls } = parts;
  if (future.host !== futures) throw foreignFuture('settled', userCallSite()?.at);
  const { node } = future;
  if (node !== undefined) return futures.futureOf(scope, settledNode(parts, scope, node));
  future.isHandled = true;
  const release = openCalls.hold(scope.node);
  const submitted = future.submitted
    .then(
      (late) => () => settledNode(parts, scope, late),
      // It could not even be submitted: that is how it ended.
      (error: unknown) => () =>
        outcomeNode(parts, scope, undefined, async () => ({ state: 'failed', error })),
    )
    .then((make) => {
      if (!loop.isOpen(scope)) throw flowEnded('settled', scope.node, undefined);
      return make();
    })
    .finally(release);
  return new RunFuture(futures, scope, submitted);
}

function settledNode(parts: GroupParts, scope: CodeScope, target: RunNode): RunNode {
  return outcomeNode(parts, scope, target, () => parts.waiting.settled(target));
}

/** A node of the engine's own whose value is made once `target`, if any, has ended. */
function outcomeNode(
  parts: GroupParts,
  scope: CodeScope,
  target: RunNode | undefined,
  assemble: () => Promise<unknown>,
): RunNode {
  const { loop, values, outcomes } = parts;
  const key = target?.key ?? 'unsubmitted';
  const name = target?.name ?? 'a call that could not be submitted';
  const begin = (node: RunNode): void => {
    const { token } = node;
    assemble().then(
      (value) => {
        values.put(node, value);
        outcomes.containerReturned(node, token);
      },
      (error: unknown) => {
        outcomes.threw(node, token, error);
        loop.pump();
      },
    );
  };
  const node = new RunNode(
    { idx: -1, key: `settled:${key}`, kind: 'group', name: `settled(${name})`, nameId: -1 },
    { parent: scope.node, stage: scope.node.stage, options: TOLERANT_OPTIONS },
    {
      type: 'container',
      begin,
      assemble,
      ended: (over) => over.madeAnew(target?.remade ?? Number.POSITIVE_INFINITY),
    },
    target === undefined ? [] : [target],
  );
  loop.submit(node, {
    parent: scope.node.id,
    pool: -1,
    rule: TOLERANT_OPTIONS.rule,
    priority: 0,
    depth: scope.depth,
    nameId: -1,
    declaredBytes: 0,
    consumes: target === undefined ? [] : [target.id],
    after: [],
    handled: true,
  });
  return node;
}
