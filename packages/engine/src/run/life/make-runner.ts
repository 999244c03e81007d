import { inlineRunner } from '../../runners/inline/inline-runner.ts';
import type { RunnerChoice } from '../../runners/choice.ts';
import type { Runner, RunnerHost } from '../../runners/runner.ts';
import { threadsRunner } from '../../runners/threads/threads-runner.ts';
import type { Attempts } from '../attempts/attempts.ts';
import { INLINE_SIZE } from '../loop/runner-set.ts';
import type { MainScope } from '../scope/main-scope.ts';
import { RemoteCalls } from '../scope/remote-calls.ts';

export interface RunnerParts {
  readonly attempts: Attempts;
  /** The scope that a running task's code calls in. */
  readonly scopeOf: (id: number) => MainScope;
}

/** The runner of a choice, reporting to a run. */
export function makeRunner(parts: () => RunnerParts, choice: RunnerChoice): Runner {
  const remote = new RemoteCalls();
  const scopeOf = (id: number): MainScope => parts().scopeOf(id);
  const host: RunnerHost = {
    ended: (id, outcome) => {
      remote.forget(id);
      parts().attempts.jobEnded(id, outcome);
    },
    said: (id, kind, body, once) => scopeOf(id).say(kind, body, once),
    submitted: (id, call) => remote.submit(scopeOf(id), id, call),
    awaited: (id, call, item) => remote.awaited(scopeOf(id), id, call, item),
  };
  return choice.runner === 'threads'
    ? threadsRunner({ size: choice.size })(host)
    : inlineRunner({ size: choice.size ?? INLINE_SIZE, scopeOf })(host);
}
