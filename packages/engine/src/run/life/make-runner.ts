import { RemoteRequests } from '../../runners/remote/remote-requests.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { runnerKind } from '../../runners/runner-kinds.ts';
import type { Runner, RunnerHost } from '../../runners/runner.ts';
import type { Attempts } from '../attempts/attempts.ts';
import { MapRunFuture } from '../groups/map-future.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { HeldThread } from '../record/held-thread.ts';
import type { StrayErrors } from '../record/stray-errors.ts';

export interface RunnerParts {
  readonly attempts: () => Attempts;
  /** The scope that a running task's code calls in. */
  readonly scopeOf: (id: number) => CodeScope;
  readonly strays: StrayErrors;
  readonly thread: HeldThread;
}

/** The runner of a choice, reporting to a run. Throws `INVALID_OPTION` if no such kind is registered. */
export function makeRunner({ attempts, scopeOf, strays, thread }: RunnerParts, choice: RunnerChoice): Runner {
  const remote = new RemoteRequests({
    scopeOf: (id) => {
      const scope = scopeOf(id);
      scope.isElsewhere = true;
      return scope.author;
    },
    itemOf: (future, item) => (future instanceof MapRunFuture ? future.group.itemFuture(item) : undefined),
    failed: (id, error, isTaken) => scopeOf(id).dropped(error, isTaken),
  });
  const host: RunnerHost = {
    ended: (id, outcome, timing) => {
      thread.ended(timing);
      remote.forget(id);
      attempts().jobEnded(id, outcome, timing);
    },
    inScope: (id, code) => {
      const scope = scopeOf(id);
      thread.enters(scope.node.idx);
      return scope.within(code);
    },
    // What it calls is in the context of who called it, as it would be inline; messages come in any.
    performed: (id, request) => scopeOf(id).within(() => remote.perform(id, request)),
    begun: (id, number) => remote.begun(id, number),
    bodyEnded: (id, number, outcome) => remote.bodyEnded(id, number, outcome),
    awaited: (id, number, item, sinceMs) => {
      attempts().waitsSince(id, sinceMs);
      return remote.awaited(id, number, item);
    },
    suspended: (id) => attempts().suspended(id),
    strayed: (stray) => strays.add(stray),
  };
  return runnerKind(choice.runner).make(host, choice);
}
