import {
  CRASH_POLICY,
  decideRetry,
  isReason,
  isSiderealError,
  TRIGGER_RULES,
  type AttemptOutcome,
  type ReasonName,
} from '@sidereal/core';
import { ambient } from '../ambient.ts';
import type { JobOutcome } from '../runners/runner.ts';
import { failureBeneath } from './ended-errors.ts';
import { asError, errorLine, errorRecord } from './failure.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { cancelledError, outcomeUnknown, valueLost } from './run-errors.ts';
import {
  INPUT_REJECTED,
  OUTCOME_UNKNOWN,
  RECOMPUTED,
  type FlowWork,
  type RunNode,
  type TaskWork,
} from './run-node.ts';
import { stageInput } from './stage-input.ts';
import { rejectionIn, replaceThenables } from './resolve-deep.ts';
import { RunFuture } from './run-future.ts';
import { isStrictEnd, recordStrictEnd } from './strict-end.ts';
import { canExecute } from './values.ts';

/** Executes attempts: gathers inputs, hands tasks to runners and bodies to themselves, and judges how they end. */
export class Attempts {
  readonly #run: FlowRun;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** A node has entered `running` or `retrying`: execute its attempt. */
  begin(node: RunNode): void {
    node.token += 1;
    node.scope = undefined;
    node.controller = undefined;
    node.error = undefined;
    if (node.has(OUTCOME_UNKNOWN)) {
      node.clear(OUTCOME_UNKNOWN);
      this.#fail(node, outcomeUnknown(node), 'outcome_unknown');
      return;
    }
    const { work } = node;
    if (this.#run.scheduler.isStopping(node.id)) {
      // Asked to stop before it could start: `stop` follows, and ends it.
      this.#unstarted.add(node);
    } else if (node.has(INPUT_REJECTED)) {
      this.#failRejected(node);
    } else if (work.type === 'container') {
      work.begin(node);
    } else if (this.#isReady(node)) {
      this.#execute(node);
    } else {
      this.#guard(
        node,
        this.#gather(node).then((isComplete) => isComplete && this.#execute(node)),
      );
    }
  }

  /** The node was asked to stop, for this reason. */
  stop(node: RunNode, why: string): void {
    this.#stops.set(node, why);
    if (this.#unstarted.delete(node)) this.#attemptEnded(node, { type: 'cancelled', message: why });
    else this.interrupt(node, cancelledError(node, why));
  }

  /** The node did not stop when it was asked to: it ends as cancelled, and what its code still does is ignored. */
  abandon(node: RunNode): void {
    this.#jobs.delete(node);
    this.threw(node, node.token, cancelledError(node, this.#stops.get(node) ?? 'it did not stop'));
  }

  /** Aborts the node's signal and has its runner stop it; a body is ended at once. */
  interrupt(node: RunNode, reason: Error): void {
    // Made even if nobody has asked for it yet: who asks later must learn of it.
    const controller = (node.controller ??= new AbortController());
    // Listeners are the code's own: they run in its scope.
    if (node.scope === undefined) controller.abort(reason);
    else ambient.storage.run(node.scope, () => controller.abort(reason));
    if (node.work.type === 'task') {
      if (this.#isWithRunner(node)) this.#run.runners.ofNode(node.id).interrupt(node.id, reason);
    } else if (node.work.type === 'container') {
      node.work.interrupt?.(reason);
    } else if (isSiderealError(reason, 'TIMED_OUT')) {
      this.#run.deadlines.clear(node);
      this.threw(node, node.token, reason);
    }
  }

  /** A runner's job has ended. */
  ended(id: number, outcome: JobOutcome): void {
    const node = this.#run.node(id);
    if (node === undefined || !this.#isWithRunner(node)) return;
    this.#jobs.delete(node);
    this.#run.deadlines.clear(node);
    const { token } = node;
    if (outcome.type === 'returned' && node.scope !== undefined)
      this.#taskReturned(node, node.scope, outcome.value);
    else if (outcome.type === 'returned') this.returned(node, token, outcome.value);
    else if (outcome.type === 'threw') this.threw(node, token, outcome.error);
    else this.#crashed(node, outcome.error);
    this.#run.pump();
  }

  /** A task that may have made calls has returned: calls that wait for a plain promise go out first. */
  #taskReturned(node: RunNode, scope: MainScope, value: unknown): void {
    const { token } = node;
    const finish = (): void => {
      scope.assertCallsHandled();
      this.returned(node, token, value);
      this.#run.pump();
    };
    if (this.#run.openCalls.isHeld(node))
      this.#guard(node, this.#run.openCalls.allSubmitted(node).then(finish));
    else finish();
  }

  /** A plain promise among the arguments has rejected: the call fails with its error. */
  #failRejected(node: RunNode): void {
    const { work } = node;
    const inputs = work.type === 'task' ? work.args : work.type === 'flow' ? work.input : undefined;
    this.#fail(node, rejectionIn(inputs)?.error, 'input_rejected');
  }

  /** An attempt's code has returned a value. */
  returned(node: RunNode, token: number, value: unknown): void {
    if (node.token !== token) return;
    let taken: number | Promise<number>;
    try {
      taken = this.#run.values.take(node, value);
    } catch (error) {
      this.#fail(node, error, 'result_not_durable');
      return;
    }
    if (typeof taken === 'number') {
      this.#succeeded(node, taken);
    } else {
      this.#guard(node, this.#complete(node, token, taken));
    }
  }

  /** What a container had to do itself is done; it ends once its children have. */
  containerReturned(node: RunNode, token: number, bytes = 0): void {
    if (node.token !== token) return;
    this.#attemptEnded(node, { type: 'completed', bytes });
  }

  /** An attempt's code has thrown. */
  threw(node: RunNode, token: number, error: unknown): void {
    if (node.token !== token) return;
    const { scheduler } = this.#run;
    if (scheduler.isStopping(node.id)) {
      this.#attemptEnded(node, { type: 'cancelled', message: this.#stops.get(node) ?? errorLine(error) });
    } else if (isSiderealError(error, 'SKIPPED')) {
      this.#attemptEnded(node, { type: 'skipped', message: error.message });
    } else if (isSiderealError(error, 'TIMED_OUT')) {
      this.#failOrRetry(node, error, 'timed_out');
    } else if (isSiderealError(error, 'INVALID_INPUT')) {
      this.#fail(node, error, 'invalid_input');
    } else {
      this.#failOrRetry(node, error, reasonOf(error));
    }
  }

  /** Records why an attempt failed. */
  recordError(node: RunNode, error: unknown): void {
    this.#run.entry(node, 'error', { ...errorRecord(error) }, new Uint8Array(0));
  }

  /** The node has ended: nothing of its attempt is left. */
  finished(node: RunNode): void {
    this.#jobs.delete(node);
    this.#run.deadlines.clear(node);
    node.token += 1;
  }

  readonly #jobs = new Set<RunNode>();
  readonly #unstarted = new Set<RunNode>();
  /** Why nodes were asked to stop. */
  readonly #stops = new WeakMap<RunNode, string>();

  #isWithRunner(node: RunNode): boolean {
    return this.#jobs.has(node);
  }

  #isReady(node: RunNode): boolean {
    const { scheduler } = this.#run;
    for (const input of node.upstream) {
      if (this.#isRecomputing(input)) return false;
      if (scheduler.hasSucceeded(input.id) && !scheduler.isAlive(input.id)) return false;
    }
    return true;
  }

  /** Fetches absent inputs; false if one is lost, so that the node waits until it has been computed again. */
  async #gather(node: RunNode): Promise<boolean> {
    const run = this.#run;
    const { token } = node;
    for (const input of node.upstream) {
      if (this.#isRecomputing(input)) return this.#waitFor(node, input);
      if (!run.scheduler.hasSucceeded(input.id)) continue;
      run.scheduler.retain(input.id);
      const isThere = await this.#fetch(node, input).finally(() => run.scheduler.unretain(input.id));
      if (node.token !== token) return false;
      if (isThere) continue;
      if (!canExecute(input)) throw valueLost(input);
      return this.#waitFor(node, input);
    }
    return this.#isReady(node) || this.#gather(node);
  }

  /** Somebody else has found its value lost already. */
  #isRecomputing(input: RunNode): boolean {
    return input.has(RECOMPUTED) && !this.#run.scheduler.hasEnded(input.id);
  }

  /** The node waits, without a slot, until an input has been computed again. */
  async #waitFor(node: RunNode, input: RunNode): Promise<false> {
    const run = this.#run;
    node.token += 1;
    run.scheduler.inputLost(node.id, input.id);
    if (run.scheduler.hasEnded(input.id)) await run.recompute(input);
    run.pump();
    return false;
  }

  /** Reads an input from the record. One that is put together of others may need their tasks to run: they get the slot. */
  #fetch(node: RunNode, input: RunNode): Promise<boolean> {
    const { values, waiting } = this.#run;
    if (input.work.type !== 'container') return values.fetchRecorded(input);
    return waiting.nodeParked(node, () => values.fetchRecorded(input));
  }

  #execute(node: RunNode): void {
    const { work } = node;
    if (this.#run.scheduler.isStopping(node.id)) {
      const why = this.#stops.get(node) ?? 'stopped before it started';
      this.#attemptEnded(node, { type: 'cancelled', message: why });
    } else if (work.type === 'flow') this.#body(node, work);
    else if (work.type === 'task' && node.options.strict) this.#guard(node, this.#startStrictly(node, work));
    else if (work.type === 'task') this.#start(node, work);
  }

  #start(node: RunNode, work: TaskWork): void {
    const run = this.#run;
    const attempt = run.scheduler.attemptOf(node.id);
    const args = node.upstream.length === 0 ? work.args : this.#substitute(node, work.args);
    const runner = run.runners.ofNode(node.id);
    this.#jobs.add(node);
    const hasBegun = (): boolean => runner.beganAt(node.id) !== undefined;
    run.deadlines.set(node, node.options.timeoutMs, () => run.expire(node), hasBegun);
    try {
      runner.start({
        id: node.id,
        attempt,
        task: work.definition,
        args: args as readonly unknown[],
        info: { runId: run.id, key: node.key, name: node.name, attempt },
      });
    } catch (error) {
      this.#jobs.delete(node);
      run.deadlines.clear(node);
      this.threw(node, node.token, error);
    }
  }

  /** A strict task starts once its start is on stable storage. */
  async #startStrictly(node: RunNode, work: TaskWork): Promise<void> {
    const { token } = node;
    await this.#run.recorder.flush(true);
    if (node.token !== token) return;
    if (this.#run.scheduler.isStopping(node.id))
      this.threw(node, token, new Error('stopped before it started'));
    else this.#start(node, work);
    this.#run.pump();
  }

  #body(node: RunNode, work: FlowWork): void {
    const { token } = node;
    const scope = this.#run.newScope(node);
    node.scope = scope;
    this.#run.bodies.add(node);
    this.#run.deadlines.set(node, node.options.timeoutMs, () => this.#run.expire(node));
    const execute = async (): Promise<unknown> => {
      const input = await stageInput(work.definition, this.#substitute(node, work.input));
      const value = await work.definition.fn(input as never);
      await this.#run.openCalls.allSubmitted(node);
      scope.assertCallsHandled();
      return value;
    };
    ambient.storage.run(scope, execute).then(
      (value) => {
        this.returned(node, token, value);
        this.#run.pump();
      },
      (error: unknown) => {
        this.threw(node, token, error);
        this.#run.pump();
      },
    );
  }

  /** Inputs with every future replaced: by its value, or by how it ended under a tolerant rule. */
  #substitute(node: RunNode, inputs: unknown): unknown {
    if (node.upstream.length === 0) return inputs;
    const consumed = new Set(node.upstream);
    const isTolerant = TRIGGER_RULES[node.options.rule] !== 'all_success';
    return replaceThenables(inputs, (future) => {
      if (!(future instanceof RunFuture) || future.node === undefined) return future;
      if (!consumed.has(future.node)) return future;
      return isTolerant ? this.#run.waiting.snapshot(future.node) : future.node.value;
    });
  }

  async #complete(node: RunNode, token: number, taken: number | Promise<number>): Promise<void> {
    let bytes: number;
    try {
      bytes = await taken;
    } catch (error) {
      this.threw(node, token, error);
      return;
    }
    if (node.token !== token) return;
    this.#succeeded(node, bytes);
    this.#run.pump();
  }

  /** Its code has succeeded, and so has the attempt, unless it may be tried again for a failure beneath it. */
  #succeeded(node: RunNode, bytes: number): void {
    const { scheduler } = this.#run;
    const isAlone = scheduler.openChildOf(node.id) < 0 && scheduler.unhandledOf(node.id) === 0;
    if (isAlone || node.failures >= node.options.retries.limit)
      this.#attemptEnded(node, { type: 'completed', bytes });
    else this.#guard(node, this.#succeedOrRetry(node, bytes));
  }

  async #succeedOrRetry(node: RunNode, bytes: number): Promise<void> {
    const run = this.#run;
    this.#codeEnded(node);
    const { token } = node;
    await run.waiting.childrenEnded(node);
    if (node.token !== token) return;
    if (run.scheduler.unhandledOf(node.id) > 0 && !run.scheduler.isStopping(node.id))
      this.#failOrRetry(node, failureBeneath(run, node), 'unhandled_failure');
    else this.#attemptEnded(node, { type: 'completed', bytes });
    run.pump();
  }

  #crashed(node: RunNode, error: unknown): void {
    node.error = error;
    this.recordError(node, error);
    const message = errorLine(error);
    if (node.options.strict && node.options.onUnknown === 'fail') {
      this.#fail(node, outcomeUnknown(node), 'outcome_unknown');
      return;
    }
    node.crashes += 1;
    const decision = decideRetry(CRASH_POLICY, node.crashes, Math.random());
    this.#attemptEnded(
      node,
      decision.retry
        ? { type: 'retry', delayMs: decision.delayMs, reason: 'crashed', message }
        : { type: 'crashed', reason: 'crashed', message },
    );
  }

  #failOrRetry(node: RunNode, error: unknown, reason: ReasonName): void {
    node.failures += 1;
    const { retries, retryIf } = node.options;
    const decision = decideRetry(retries, node.failures, Math.random());
    if (!decision.retry || !this.#mayRetry(node, retryIf, error)) {
      this.#fail(node, error, reason);
      return;
    }
    this.recordError(node, error);
    this.#attemptEnded(node, { type: 'retry', delayMs: decision.delayMs, reason, message: errorLine(error) });
  }

  #mayRetry(node: RunNode, retryIf: ((error: unknown) => boolean) | undefined, error: unknown): boolean {
    if (retryIf === undefined) return true;
    try {
      return retryIf(error);
    } catch (thrown) {
      const message = `not retried, because its retryIf has thrown: ${errorLine(thrown)}`;
      this.#run.note(node, { code: 'retry_if_failed', message, error: errorRecord(thrown) });
      return false;
    }
  }

  #fail(node: RunNode, error: unknown, reason: ReasonName): void {
    node.error = asError(error);
    this.recordError(node, error);
    this.#attemptEnded(node, { type: 'failed', reason, message: errorLine(error) });
  }

  #attemptEnded(node: RunNode, outcome: AttemptOutcome): void {
    this.#codeEnded(node);
    if (outcome.type === 'completed') this.#run.holds.watch(node, outcome.bytes);
    else node.scope?.close();
    if (isStrictEnd(node, outcome)) this.#guard(node, this.#endStrictly(node, outcome));
    else this.#tell(node, outcome);
  }

  /** Nothing of the attempt's code counts any more. */
  #codeEnded(node: RunNode): void {
    node.token += 1;
    this.#run.deadlines.clear(node);
    this.#run.bodies.delete(node);
  }

  async #endStrictly(node: RunNode, outcome: AttemptOutcome): Promise<void> {
    const { token } = node;
    await recordStrictEnd(this.#run, node, outcome);
    if (node.token === token) this.#tell(node, outcome);
  }

  #tell(node: RunNode, outcome: AttemptOutcome): void {
    this.#run.scheduler.attemptEnded(node.id, outcome);
    this.#run.pump();
  }

  /** An engine-side step of an attempt must not fail silently. */
  #guard(node: RunNode, step: Promise<unknown>): void {
    const { token } = node;
    step.catch((error: unknown) => {
      this.threw(node, token, error);
      this.#run.pump();
    });
  }
}

/** Why an attempt whose code threw this has failed; the error itself is recorded beside it. */
function reasonOf(error: unknown): ReasonName {
  const name = isSiderealError(error) ? error.code.toLowerCase() : 'error';
  return isReason(name) ? name : 'error';
}
