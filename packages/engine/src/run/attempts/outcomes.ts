import {
  CRASH_POLICY,
  decideRetry,
  isReason,
  isSiderealError,
  withDue,
  type AttemptOutcome,
  type ReasonName,
  type SiderealError,
} from '@sidereal/core';
import { copyForReader } from '../../data/futures-in-values.ts';
import type { JobOutcome } from '../../runners/runner.ts';
import type { Futures } from '../futures/futures.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { outcomeUnknown, thrownBy } from '../nodes/node-errors.ts';
import { SUSPECT } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { errorRecord } from '../../errors/journal-error.ts';
import { readableThrown } from '../../errors/readable-error.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Values } from '../values/values.ts';
import type { AttemptTable } from './attempt-table.ts';
import { failureBeneath } from './explain-end.ts';
import type { LentValues } from './lent-values.ts';
import { isStrictEnd, StrictEnds } from './strict-end.ts';

export interface OutcomeParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly values: Values;
  readonly futures: Futures;
  readonly waiting: Waiting;
  readonly deadlines: Deadlines<RunNode>;
  readonly attempts: AttemptTable;
  readonly lent: LentValues | undefined;
  /** The record takes no more: the run cannot go on here. */
  readonly onDefect: (error: unknown) => void;
}

/** Judges how attempts end: what they gave is kept, what they threw is recorded, and may be tried again. */
export class Outcomes {
  readonly #loop: RunLoop;
  readonly #record: RunRecord;
  readonly #values: Values;
  readonly #futures: Futures;
  readonly #waiting: Waiting;
  readonly #deadlines: Deadlines<RunNode>;
  readonly #attempts: AttemptTable;
  readonly #strictEnds: StrictEnds;
  readonly #lent: LentValues | undefined;
  readonly #onDefect: (error: unknown) => void;

  constructor(parts: OutcomeParts) {
    this.#loop = parts.loop;
    this.#record = parts.record;
    this.#values = parts.values;
    this.#futures = parts.futures;
    this.#waiting = parts.waiting;
    this.#deadlines = parts.deadlines;
    this.#attempts = parts.attempts;
    this.#lent = parts.lent;
    this.#onDefect = parts.onDefect;
    this.#strictEnds = new StrictEnds(parts);
  }

  /** An attempt's code has returned a value. */
  returned(node: RunNode, token: number, value: unknown): void {
    if (node.token !== token) return;
    try {
      this.#lent?.check(node);
    } catch (changed) {
      this.fail(node, changed, 'error');
      return;
    }
    let taken: number | Promise<number>;
    try {
      taken = this.#values.take(node, value);
    } catch (error) {
      this.fail(node, error, 'result_not_durable');
      return;
    }
    if (typeof taken === 'number') this.#succeeded(node, taken);
    else this.guard(node, this.#complete(node, token, taken));
  }

  /** What a container had to do itself is done; it ends once its children have. */
  containerReturned(node: RunNode, token: number, bytes = 0): void {
    if (node.token === token) this.#end(node, { type: 'completed', bytes });
  }

  /** An attempt's code has thrown. */
  threw(node: RunNode, token: number, caught: unknown): void {
    if (node.token !== token) return;
    const thrown = readableThrown(caught);
    // What a task or stage has thrown is the same wherever it ran: an error of the language's own kinds.
    const error = node.parent === undefined ? thrown : copyForReader(thrown);
    if (this.#loop.scheduler.isStopping(node.id)) {
      this.cancelled(node, errorLine(error));
    } else if (isSiderealError(error, 'SKIPPED')) {
      this.#end(node, { type: 'skipped', message: error.message });
    } else if (isSiderealError(error, 'TIMED_OUT')) {
      this.#failOrRetry(node, error, 'timed_out');
    } else if (isSiderealError(error, 'INVALID_INPUT')) {
      this.fail(node, error, 'invalid_input');
    } else {
      this.#failOrRetry(node, error, reasonOf(error));
    }
  }

  /** The attempt was asked to stop, and has: `otherwise` says why if nobody has. */
  cancelled(node: RunNode, otherwise: string): void {
    const message = this.#attempts.get(node)?.stopReason ?? otherwise;
    this.#end(node, { type: 'cancelled', reason: 'cancelled', message });
  }

  /** The attempt was asked to stop, and was given up because it has not. */
  abandoned(node: RunNode): void {
    const why = this.#attempts.get(node)?.stopReason ?? 'it was asked to stop';
    if (isInDoubt(node)) {
      const error = outcomeUnknown(node, 'was given up, because it did not stop when it was asked to');
      this.fail(node, error, 'outcome_unknown');
    } else {
      this.#end(node, { type: 'cancelled', reason: 'abandoned', message: `${why}; it has not stopped` });
    }
  }

  /** The attempt was given up at its limit, or its code has ended after that. */
  timedOut(node: RunNode, error: SiderealError): void {
    if (isInDoubt(node))
      this.fail(node, outcomeUnknown(node, 'was given up at its timeout', error), 'outcome_unknown');
    else this.threw(node, node.token, error);
  }

  /** What executed the attempt was lost. */
  crashed(node: RunNode, error: unknown): void {
    node.error = error;
    this.#record.error(node, error);
    const message = errorLine(error);
    if (isInDoubt(node)) {
      this.fail(
        node,
        outcomeUnknown(node, 'had started when what executed it was lost', error),
        'outcome_unknown',
      );
      return;
    }
    node.crashes += 1;
    const decision = decideRetry(CRASH_POLICY, node.crashes, Math.random());
    this.#end(
      node,
      decision.retry
        ? retryAfter(decision.delayMs, 'crashed', message)
        : { type: 'crashed', reason: 'crashed', message },
    );
  }

  /** What executed the attempt had to be ended because of another: the next begins at once, and nothing counts. */
  displaced(node: RunNode, { why, isSuspect }: Extract<JobOutcome, { type: 'displaced' }>): void {
    this.#record.note(node, { code: 'began_again', message: why });
    if (isSuspect) node.set(SUSPECT);
    this.#end(node, { type: 'retry', delayMs: 0, reason: 'displaced', message: why });
  }

  /** The attempt has failed, and is not tried again. */
  fail(node: RunNode, error: unknown, reason: ReasonName): void {
    const failure = thrownBy(node, error);
    node.error = failure;
    this.#record.error(node, failure);
    this.#end(node, { type: 'failed', reason, message: errorLine(failure) });
  }

  /** A node fails, whatever its code does or has returned. */
  giveUp(node: RunNode, error: Error, reason: ReasonName): void {
    node.error = error;
    this.#record.error(node, error);
    this.codeEnded(node);
    this.#closeAttempt(node);
    this.#loop.scheduler.giveUp(node.id, { type: 'failed', reason, message: errorLine(error) });
    this.#loop.pump();
  }

  /** An engine-side step of an attempt must not fail silently. */
  guard(node: RunNode, step: Promise<unknown>): void {
    const { token } = node;
    step.catch((error: unknown) => {
      this.threw(node, token, error);
      this.#loop.pump();
    });
  }

  /** Nothing of the attempt's code counts any more. */
  codeEnded(node: RunNode): void {
    node.token += 1;
    this.#lent?.release(node);
    // The limit of a flow or stage is on what it has submitted too.
    if (node.work.type !== 'flow') this.#deadlines.clear(node);
    this.#attempts.endBody(node);
  }

  async #complete(node: RunNode, token: number, taken: Promise<number>): Promise<void> {
    let bytes: number;
    try {
      bytes = await taken;
    } catch (error) {
      this.threw(node, token, error);
      this.#loop.pump();
      return;
    }
    if (node.token !== token) return;
    this.#succeeded(node, bytes);
    this.#loop.settle();
  }

  /** Its code has succeeded, and so has the attempt, unless it may be tried again for a failure beneath it. */
  #succeeded(node: RunNode, bytes: number): void {
    const { scheduler } = this.#loop;
    const isAlone = scheduler.openChildOf(node.id) < 0 && scheduler.unhandledOf(node.id) === 0;
    if (isAlone || node.failures >= node.options.retries.limit) this.#end(node, { type: 'completed', bytes });
    else this.guard(node, this.#succeedOrRetry(node, bytes));
  }

  async #succeedOrRetry(node: RunNode, bytes: number): Promise<void> {
    const { scheduler } = this.#loop;
    this.codeEnded(node);
    const { token } = node;
    await this.#waiting.childrenEnded(node);
    if (node.token !== token) return;
    if (scheduler.unhandledOf(node.id) > 0 && !scheduler.isStopping(node.id))
      this.#failOrRetry(node, failureBeneath(this.#loop, node), 'unhandled_failure');
    else this.#end(node, { type: 'completed', bytes });
    this.#loop.pump();
  }

  #failOrRetry(node: RunNode, error: unknown, reason: ReasonName): void {
    node.failures += 1;
    const { retries, retryIf } = node.options;
    const decision = decideRetry(retries, node.failures, Math.random());
    if (!decision.retry || !this.#mayRetry(node, retryIf, error)) {
      this.fail(node, error, reason);
      return;
    }
    this.#record.error(node, error);
    this.#end(node, retryAfter(decision.delayMs, reason, errorLine(error)));
  }

  #mayRetry(node: RunNode, retryIf: ((error: unknown) => boolean) | undefined, error: unknown): boolean {
    if (retryIf === undefined) return true;
    try {
      const { caller } = node.work;
      return caller === undefined ? retryIf(error) : caller.runInAsyncScope(retryIf, undefined, error);
    } catch (thrown) {
      const message = `not retried, because its retryIf has thrown: ${errorLine(thrown)}`;
      this.#record.note(node, { code: 'retry_if_failed', message, error: errorRecord(thrown) });
      return false;
    }
  }

  #end(node: RunNode, outcome: AttemptOutcome): void {
    this.codeEnded(node);
    if (outcome.type === 'completed') this.#futures.watch(node, outcome.bytes);
    else this.#closeAttempt(node);
    if (!isStrictEnd(node, outcome)) this.#tell(node, outcome);
    // An end that cannot be recorded is none, and no other would fare better: the run cannot go on here.
    else this.#endStrictly(node, outcome).catch(this.#onDefect);
  }

  /** It has not succeeded: what its code still asks for is refused. */
  #closeAttempt(node: RunNode): void {
    this.#deadlines.clear(node);
    this.#attempts.get(node)?.scope?.close();
  }

  async #endStrictly(node: RunNode, outcome: AttemptOutcome): Promise<void> {
    const { token } = node;
    await this.#strictEnds.record(node, outcome);
    if (node.token === token) this.#tell(node, outcome);
  }

  #tell(node: RunNode, outcome: AttemptOutcome): void {
    const { scheduler } = this.#loop;
    // The limit of a flow or stage counts on when its body has returned.
    const isOverruled = node.work.type === 'flow' && scheduler.awaitsChildren(node.id);
    if (isOverruled && outcome.type !== 'completed') scheduler.giveUp(node.id, outcome);
    else scheduler.attemptEnded(node.id, outcome);
    this.#loop.pump();
  }
}

/** Does nobody know whether the code has had its effect, if it is not known how it ended? */
function isInDoubt({ kind, options }: RunNode): boolean {
  return kind === 'task' && options.strict && options.onUnknown === 'fail';
}

/** To be tried again; the record says when. */
function retryAfter(delayMs: number, reason: ReasonName, message: string): AttemptOutcome {
  const words = delayMs > 0 ? withDue(message, Date.now() + delayMs) : message;
  return { type: 'retry', delayMs, reason, message: words };
}

/** Why an attempt whose code threw this has failed; the error itself is recorded beside it. */
function reasonOf(error: unknown): ReasonName {
  const name = isSiderealError(error) ? error.code.toLowerCase() : 'error';
  return isReason(name) ? name : 'error';
}
