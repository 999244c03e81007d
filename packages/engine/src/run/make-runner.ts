import { ambient } from '../ambient.ts';
import { RemoteRequests } from '../runners/remote/remote-requests.ts';
import type { RunnerChoice } from '../runners/runner-choice.ts';
import { runnerKind } from '../runners/runner-kinds.ts';
import type { Runner, RunnerHost } from '../runners/runner.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { MapRunFuture } from './map-group.ts';

/** The runner of a choice, reporting to a run. Throws `INVALID_OPTION` if no such kind is registered. */
export function makeRunner(run: FlowRun, choice: RunnerChoice): Runner {
  const remote = new RemoteRequests({
    scopeOf: (id) => scopeOf(run, id),
    itemOf: (future, item) => (future instanceof MapRunFuture ? future.group.itemFuture(item) : undefined),
    failed: (id, error, isTaken) => scopeOf(run, id).dropped(error, isTaken),
  });
  const host: RunnerHost = {
    ended: (id, outcome) => {
      remote.forget(id);
      run.attempts.ended(id, outcome);
    },
    inScope: (id, code) => ambient.storage.run(scopeOf(run, id), code),
    performed: (id, request) => remote.perform(id, request),
    begun: (id, number) => remote.begun(id, number),
    bodyEnded: (id, number, outcome) => remote.bodyEnded(id, number, outcome),
    awaited: (id, number, item) => remote.awaited(id, number, item),
  };
  return runnerKind(choice.runner).make(host, choice);
}

/** The scope that a running task's code calls in. */
function scopeOf(run: FlowRun, id: number): MainScope {
  const node = run.node(id);
  if (node === undefined) throw new RangeError(`no job ${id}`);
  node.scope ??= run.newScope(node);
  return node.scope;
}
