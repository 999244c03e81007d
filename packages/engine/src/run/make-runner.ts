import type { RunnerChoice } from '../runners/choice.ts';
import { inlineRunner } from '../runners/inline/inline-runner.ts';
import type { Runner, RunnerHost } from '../runners/runner.ts';
import { threadsRunner } from '../runners/threads/threads-runner.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { RemoteCalls } from './remote-calls.ts';
import type { RunNode } from './run-node.ts';
import { INLINE_SIZE } from './runner-set.ts';

/** The runner of a choice, reporting to a run. */
export function makeRunner(run: FlowRun, choice: RunnerChoice): Runner {
  const remote = new RemoteCalls();
  const host: RunnerHost = {
    ended: (id, outcome) => {
      remote.forget(id);
      run.attempts.ended(id, outcome);
    },
    said: (id, kind, body, once) => scopeOf(run, id).say(kind, body, once),
    submitted: (id, call) => remote.submit(scopeOf(run, id), id, call),
    awaited: (id, call, item) => remote.awaited(scopeOf(run, id), id, call, item),
  };
  return choice.runner === 'threads'
    ? threadsRunner({ size: choice.size })(host)
    : inlineRunner({ size: choice.size ?? INLINE_SIZE, scopeOf: (id) => scopeOf(run, id) })(host);
}

/** The scope that a running task's code calls in. */
function scopeOf(run: FlowRun, id: number): MainScope {
  const node: RunNode | undefined = run.node(id);
  if (node === undefined) throw new RangeError(`no job ${id}`);
  node.scope ??= run.newScope(node);
  return node.scope;
}
