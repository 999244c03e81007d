import { copyForReader } from '../../data/futures-in-values.ts';
import { readInputs } from '../../handles/job-inputs.ts';
import { inMemory, readHandle, type ValueHandle } from '../../handles/value-handle.ts';
import { epochMs } from '../../runners/clock.ts';
import type { JobOutcome, JobTiming } from '../../runners/runner.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import type { Waiting } from '../futures/waiting.ts';
import { isDebugged } from '../loop/debugger.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { RunnerSet } from '../loop/runner-set.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { skipped } from '../nodes/node-errors.ts';
import { SUSPECT } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { FlowWork, TaskWork } from '../nodes/work.ts';
import type { HeldThread } from '../record/held-thread.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Values } from '../values/values.ts';
import type { AttemptEnds } from './attempt-ends.ts';
import type { AttemptTable } from './attempt-table.ts';
import type { Attempt } from './attempt.ts';
import type { Inputs } from './inputs.ts';
import type { Outcomes } from './outcomes.ts';
import { returnedValue } from './returned.ts';
import { stageInput } from './stage-input.ts';

export interface AttemptParts {
  readonly runId: string;
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly values: Values;
  readonly inputs: Inputs;
  readonly waiting: Waiting;
  readonly outcomes: Outcomes;
  readonly attempts: AttemptTable;
  readonly runners: RunnerSet;
  readonly deadlines: Deadlines<RunNode>;
  readonly openCalls: OpenCalls;
  readonly ends: AttemptEnds;
  /** The thread that bodies execute on. */
  readonly thread: HeldThread;
  /** What the code of an attempt may ask for. */
  readonly newScope: (node: RunNode) => CodeScope;
}

/** Executes attempts: gathers inputs, hands tasks to runners and bodies to themselves. */
export class Attempts {
  readonly #parts: AttemptParts;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** A node has entered `running` or `retrying`: execute its attempt. */
  begin(node: RunNode): void {
    const { loop, inputs, outcomes, attempts } = this.#parts;
    node.token += 1;
    node.error = undefined;
    const attempt = attempts.begin(node);
    if (node.refusal !== undefined) {
      outcomes.fail(node, node.refusal.error, node.refusal.reason);
    } else if (loop.scheduler.isStopping(node.id)) {
      // Asked to stop before it could start: `stop` follows, and ends it.
      attempt.isUnstarted = true;
    } else if (node.work.type === 'container') {
      node.work.begin(node);
    } else if (inputs.areReady(node)) {
      this.#execute(node, attempt);
    } else {
      outcomes.guard(node, this.#gather(node, attempt));
    }
  }

  /** A runner's job has waited since then, though that is heard of only now. */
  waitsSince(id: number, sinceMs: number): void {
    const { loop, deadlines } = this.#parts;
    const node = loop.nodes.get(id);
    if (node !== undefined) deadlines.waitsSince(node, sinceMs);
  }

  /** A runner's job has ended. */
  jobEnded(id: number, outcome: JobOutcome, timing: JobTiming | undefined): void {
    const { loop, attempts, deadlines, outcomes, ends } = this.#parts;
    const node = loop.nodes.get(id);
    const attempt = node === undefined ? undefined : attempts.get(node);
    if (node === undefined || attempt?.isWithRunner !== true) return;
    attempt.isWithRunner = false;
    const isOverrun = deadlines.end(node, timing) && !isDebugged();
    const { token } = node;
    if (outcome.type === 'crashed') outcomes.crashed(node, outcome.error);
    else if (outcome.type === 'displaced') outcomes.displaced(node, outcome);
    else if (outcome.type === 'forced') ends.forced(node, outcome.error);
    else if (isOverrun) ends.overran(node, outcome);
    else if (outcome.type === 'returned' && attempt.scope !== undefined)
      this.#taskReturned(node, attempt.scope, outcome.value);
    else if (outcome.type === 'returned') outcomes.returned(node, token, readHandle(outcome.value));
    else outcomes.threw(node, token, outcome.error);
    loop.settle();
  }

  /** A runner's job has turned out to wait rather than to compute. */
  suspended(id: number): void {
    this.#parts.runners.suspended(id);
    this.#parts.loop.pump();
  }

  /** A task that may have made calls has returned: calls that wait for a plain promise go out first. */
  #taskReturned(node: RunNode, scope: CodeScope, handle: ValueHandle): void {
    const { waiting, openCalls, outcomes } = this.#parts;
    const { token } = node;
    if (openCalls.isHeld(node)) {
      const submitted = waiting.withoutSlot(node, () => openCalls.allSubmitted(node));
      outcomes.guard(
        node,
        submitted.then(() => this.#finish(node, token, scope, ownValue(scope, handle))),
      );
      return;
    }
    try {
      this.#finish(node, token, scope, ownValue(scope, handle));
    } catch (error) {
      outcomes.threw(node, token, error);
    }
  }

  /** Takes what a task has returned, once all of it is there. */
  #finish(node: RunNode, token: number, scope: CodeScope, value: unknown): void {
    const { loop, outcomes } = this.#parts;
    if (value instanceof Promise) {
      outcomes.guard(
        node,
        value.then((settled: unknown) => this.#finish(node, token, scope, settled)),
      );
      return;
    }
    const known = scope.dropsKnown();
    if (known !== undefined) {
      outcomes.guard(
        node,
        known.then(() => this.#finish(node, token, scope, value)),
      );
      return;
    }
    scope.assertCallsHandled();
    outcomes.returned(node, token, value);
    loop.settle();
  }

  async #gather(node: RunNode, attempt: Attempt): Promise<void> {
    const { loop, inputs, values } = this.#parts;
    const { token } = node;
    const lost = await inputs.gather(node);
    if (node.token !== token) return;
    if (lost === undefined) {
      this.#execute(node, attempt);
      return;
    }
    // It waits, without a slot, until the input has been computed again.
    node.token += 1;
    loop.scheduler.inputLost(node.id, lost.id);
    if (loop.scheduler.hasEnded(lost.id)) values.recompute(lost);
    loop.pump();
  }

  #execute(node: RunNode, attempt: Attempt): void {
    const { loop, inputs, outcomes } = this.#parts;
    const { work } = node;
    if (loop.scheduler.isStopping(node.id)) outcomes.cancelled(node, 'stopped before it started');
    else if (work.type === 'flow') this.#body(node, attempt, work);
    else if (work.type === 'task' && inputs.isPassedOn(node, work)) this.#passOn(node, work);
    else if (work.type === 'task' && node.options.strict)
      outcomes.guard(node, this.#startStrictly(node, attempt, work));
    else if (work.type === 'task') this.#start(node, attempt, work);
  }

  /** All but one of its inputs were skipped: that one is what it gives. */
  #passOn(node: RunNode, work: TaskWork): void {
    const { inputs, outcomes } = this.#parts;
    const [value, ...others] = readInputs(inputs.ofJob(node, work));
    const isEmpty = others.length === 0 && inputs.presentOf(work) === 0;
    if (isEmpty) outcomes.threw(node, node.token, skipped('all of its inputs were skipped'));
    else outcomes.returned(node, node.token, copyForReader(value));
  }

  #start(node: RunNode, attempt: Attempt, work: TaskWork): void {
    const { runId, loop, inputs, runners, deadlines, outcomes, ends } = this.#parts;
    const number = loop.scheduler.attemptOf(node.id);
    const runner = runners.ofNode(node.id);
    const isAlone = node.options.strict || node.has(SUSPECT);
    const isBeyond = !isAlone && runners.startsBeyond(node.id, work.definition);
    // It may have left a slot to the next.
    if (isBeyond) loop.pump();
    attempt.isWithRunner = true;
    ends.limitTask(node, runner);
    try {
      runner.start({
        id: node.id,
        idx: node.idx,
        attempt: number,
        task: work.definition,
        inputs: inputs.ofJob(node, work),
        calledAt: work.calledAt,
        calledBy: callerOf(node)?.id,
        isAlone,
        isBeyond,
        info: { runId, key: node.key, name: node.name, attempt: number },
      });
    } catch (error) {
      attempt.isWithRunner = false;
      deadlines.clear(node);
      outcomes.threw(node, node.token, error);
    }
  }

  /** A strict task starts once its start is on stable storage. */
  async #startStrictly(node: RunNode, attempt: Attempt, work: TaskWork): Promise<void> {
    const { loop, record, outcomes } = this.#parts;
    const { token } = node;
    await record.flush(true);
    if (node.token !== token) return;
    if (loop.scheduler.isStopping(node.id)) outcomes.cancelled(node, 'stopped before it started');
    else this.#start(node, attempt, work);
    loop.pump();
  }

  #body(node: RunNode, attempt: Attempt, work: FlowWork): void {
    const { loop, inputs, outcomes, attempts, openCalls, newScope, ends } = this.#parts;
    const { token } = node;
    const number = loop.scheduler.attemptOf(node.id);
    const scope = newScope(node);
    attempt.scope = scope;
    attempt.beganMs = epochMs();
    attempts.beginBody(node);
    this.#parts.thread.enters(node.idx);
    ends.limitBody(node);
    const execute = async (): Promise<unknown> => {
      const input = await stageInput(work.definition, inputs.ofBody(node, work));
      const given: unknown = await work.definition.fn(input as never);
      await openCalls.allSubmitted(node);
      const value: unknown = await returnedValue(scope, given);
      await scope.dropsKnown();
      scope.assertCallsHandled();
      return value;
    };
    scope.within(execute).then(
      (value) => {
        if (node.token !== token)
          ends.bodyEndedLate(node, number, { type: 'returned', value: inMemory(value) });
        outcomes.returned(node, token, value);
        loop.settle();
      },
      (error: unknown) => {
        if (node.token !== token) ends.bodyEndedLate(node, number, { type: 'threw', error });
        outcomes.threw(node, token, error);
        loop.settle();
      },
    );
  }
}

/** What has come from elsewhere is nobody else's, and holds no future. */
function ownValue(scope: CodeScope, handle: ValueHandle): unknown {
  return handle.isSole ? readHandle(handle) : returnedValue(scope, readHandle(handle));
}

/** The task whose code has called a node, itself or by a stage. */
function callerOf({ parent }: RunNode): RunNode | undefined {
  let caller = parent;
  while (caller !== undefined && caller.work.type !== 'task') caller = caller.parent;
  return caller;
}
