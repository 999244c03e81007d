import { userCallSite } from '../identity/call-site.ts';
import type { MainScope } from './main-scope.ts';
import { TOLERANT_OPTIONS } from './resolved-options.ts';
import { RunFuture } from './run-future.ts';
import { RunNode } from './run-node.ts';
import { flowEnded, foreignFuture } from './scope-errors.ts';

/**
 * A future of how a run ends, which never rejects: a node of the engine's own (not recorded) that comes after
 * the run under `all_done`, so that it may be awaited or passed on like any other future.
 */
export function settledFuture(scope: MainScope, future: PromiseLike<unknown>): PromiseLike<unknown> {
  if (!(future instanceof RunFuture)) {
    return Promise.resolve(future).then(
      (value) => ({ state: 'completed', value }),
      (error: unknown) => ({ state: 'failed', error }),
    );
  }
  const { run } = scope;
  if (future.run !== run) throw foreignFuture('settled', userCallSite()?.at);
  const { node } = future;
  if (node !== undefined) return run.holds.futureOf(scope, settledNode(scope, node));
  future.isHandled = true;
  const release = run.openCalls.hold(scope.node);
  const submitted = future.submitted
    .then(
      (late) => () => settledNode(scope, late),
      // It could not even be submitted: that is how it ended.
      (error: unknown) => () => outcomeNode(scope, undefined, async () => ({ state: 'failed', error })),
    )
    .then((make) => {
      if (!scope.isOpen) throw flowEnded('settled', scope.node, undefined);
      return make();
    })
    .finally(release);
  return new RunFuture(run, scope, submitted);
}

function settledNode(scope: MainScope, target: RunNode): RunNode {
  const { run } = scope;
  return outcomeNode(scope, target, () => run.waiting.settled(target));
}

/** A node of the engine's own whose value is made once `target`, if any, has ended. */
function outcomeNode(
  scope: MainScope,
  target: RunNode | undefined,
  assemble: () => Promise<unknown>,
): RunNode {
  const { run } = scope;
  const { scheduler } = run;
  const key = target?.key ?? 'unsubmitted';
  const name = target?.name ?? 'a call that could not be submitted';
  const begin = (node: RunNode): void => {
    const { token } = node;
    assemble().then(
      (value) => {
        node.value = value;
        run.attempts.containerReturned(node, token);
      },
      (error: unknown) => {
        run.attempts.threw(node, token, error);
        run.pump();
      },
    );
  };
  const node = new RunNode(
    { idx: -1, key: `settled:${key}`, kind: 'group', name: `settled(${name})`, nameId: -1 },
    { parent: scope.node, stage: scope.node.stage, options: TOLERANT_OPTIONS },
    { type: 'container', begin, assemble },
    target === undefined ? [] : [target],
  );
  const id = scheduler.submit({
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
  run.adopted(node, id);
  run.pump();
  return node;
}
