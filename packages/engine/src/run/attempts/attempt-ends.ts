import { isSiderealError } from '@sidereal/core';
import { errorRecord } from '../../errors/journal-error.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import { readHandle } from '../../handles/value-handle.ts';
import { previewValue } from '../../results/preview.ts';
import type { LateOutcome, Runner } from '../../runners/runner.ts';
import { isDebugged } from '../loop/debugger.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { RunnerSet } from '../loop/runner-set.ts';
import { cancelledError, timedOut } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { AbandonedCode } from './abandoned-code.ts';
import type { AttemptTable } from './attempt-table.ts';
import type { Attempt } from './attempt.ts';
import type { Outcomes } from './outcomes.ts';

export interface AttemptEndParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly deadlines: Deadlines<RunNode>;
  readonly attempts: AttemptTable;
  readonly outcomes: Outcomes;
  readonly runners: RunnerSet;
  readonly abandoned: AbandonedCode;
  /** How long code that is asked to stop has for that, ms. */
  readonly graceMs: number;
}

/**
 * Ends attempts because the engine says so, not because their code has come to an end.
 *
 * At its limit an attempt is given up at once, and fails as timed out. One that is asked to stop has a grace; what has
 * not stopped by then is given up, and ends as cancelled (`abandoned`), the innermost first: whoever waits for it
 * may still clean up. Code that is given up and that cannot be ended by force goes on, without a say: what it calls
 * is refused (its scope is closed), what it comes to is noted and never used.
 */
export class AttemptEnds {
  readonly #parts: AttemptEndParts;

  constructor(parts: AttemptEndParts) {
    this.#parts = parts;
  }

  /** A task goes to its runner: its limit is on the running time of its code. */
  limitTask(node: RunNode, runner: Runner): void {
    const { timeoutMs } = node.options;
    if (timeoutMs <= 0) return;
    this.#parts.deadlines.set(
      node,
      timeoutMs,
      () => this.#expire(node),
      () => runner.beganAt(node.id),
    );
  }

  /** A body begins: the limit of a flow or stage is on all time until it ends, with all that it submits. */
  limitBody(node: RunNode): void {
    this.#parts.deadlines.set(node, node.options.timeoutMs, () => this.#expire(node));
  }

  /** The node was asked to stop, for this reason. */
  stop(node: RunNode, why: string): void {
    const { attempts, outcomes } = this.#parts;
    const attempt = attempts.get(node);
    if (attempt === undefined) return;
    attempt.stopReason = why;
    if (attempt.isUnstarted) {
      outcomes.cancelled(node, why);
      return;
    }
    const reason = cancelledError(node, why);
    abort(attempt, reason);
    if (attempt.isWithRunner) this.#runnerOf(node).interrupt(node.id, reason);
    else if (node.work.type === 'container') node.work.interrupt?.(reason);
    if (this.#isPartOfGivenUp(node)) this.abandon(node);
    else this.#giveGrace(node);
  }

  /** The node has not stopped: it ends as cancelled, and what its code still does is ignored. */
  abandon(node: RunNode): void {
    const { loop, record, attempts, outcomes, abandoned } = this.#parts;
    const attempt = attempts.get(node);
    // What has come to an end needs no other.
    const hasEnded = loop.scheduler.awaitsChildren(node.id) || record.hasEndedAhead(node);
    if (attempt === undefined || hasEnded) return;
    const why = attempt.stopReason ?? 'it did not stop';
    attempt.isGivenUp = true;
    if (attempt.isWithRunner) {
      const runner = this.#runnerOf(node);
      abandoned.add(node, runner.beganAt(node.id));
      const reason = cancelledError(node, why);
      runner.abandon(node.id, reason, this.#lateEnd(node, reason));
    } else if (node.work.type === 'task' && attempt.scope === undefined) {
      outcomes.cancelled(node, why);
    } else {
      if (node.work.type === 'flow') abandoned.add(node, attempt.beganMs);
      outcomes.abandoned(node);
    }
    loop.pump();
  }

  /** A runner has ended the node's job. */
  forced(node: RunNode, reason: Error): void {
    const { loop, outcomes } = this.#parts;
    if (loop.scheduler.isStopping(node.id)) outcomes.abandoned(node);
    else if (isSiderealError(reason, 'TIMED_OUT')) outcomes.timedOut(node, reason);
    else outcomes.threw(node, node.token, reason);
  }

  /** The code of a task has ended by itself, too late: nothing could look at the clock meanwhile. */
  overran(node: RunNode, outcome: LateOutcome): void {
    const reason = timedOut(node);
    this.#lateEnd(node, reason)(outcome);
    this.#parts.outcomes.timedOut(node, reason);
  }

  /** The body of an attempt has come to an end after that attempt had one. */
  bodyEndedLate(node: RunNode, attempt: number, outcome: LateOutcome): void {
    this.#noteLate(node, attempt, outcome);
  }

  /** The node's time is up. */
  #expire(node: RunNode): void {
    const { loop, attempts, outcomes } = this.#parts;
    const attempt = attempts.get(node);
    if (attempt === undefined || isDebugged()) return;
    const reason = timedOut(node);
    abort(attempt, reason);
    attempt.isGivenUp = true;
    if (attempt.isWithRunner) {
      // Where its code must be ended by force that takes a moment, but nothing more is done for it.
      attempt.scope?.close();
      loop.scheduler.cancelChildren(node.id, 'parent_ended', 'its parent has ended');
      this.#runnerOf(node).abandon(node.id, reason, this.#lateEnd(node, reason));
    } else {
      outcomes.threw(node, node.token, reason);
    }
    loop.pump();
  }

  #giveGrace(node: RunNode): void {
    const { deadlines, graceMs } = this.#parts;
    deadlines.set(node, Math.max(graceMs, 1), () => this.#graceOver(node));
  }

  #graceOver(node: RunNode): void {
    // What it waits for is given up first, and it learns of that.
    if (this.#parts.loop.scheduler.openChildOf(node.id) >= 0) this.#giveGrace(node);
    else this.abandon(node);
  }

  /** Is it a group or loop whose code is part of an attempt that was given up? */
  #isPartOfGivenUp(node: RunNode): boolean {
    if (node.work.type !== 'container' || node.work.body === undefined) return false;
    let owner = node;
    while (owner.work.type === 'container' && owner.parent !== undefined) owner = owner.parent;
    return this.#parts.attempts.get(owner)?.isGivenUp === true;
  }

  #runnerOf({ id }: RunNode): Runner {
    return this.#parts.runners.ofNode(id);
  }

  /** Notes what the attempt under way comes to, unless that is but the answer to `reason`. */
  #lateEnd(node: RunNode, reason: Error): (outcome: LateOutcome) => void {
    const attempt = this.#parts.loop.scheduler.attemptOf(node.id);
    return (outcome) => {
      const isAnswer = outcome.type === 'threw' && answers(outcome.error, reason);
      if (!isAnswer) this.#noteLate(node, attempt, outcome);
    };
  }

  #noteLate(node: RunNode, attempt: number, outcome: LateOutcome): void {
    const { record } = this.#parts;
    const ended = `attempt ${attempt} was given up, and its code has ended all the same`;
    const body =
      outcome.type === 'returned'
        ? {
            code: 'late_outcome',
            outcome: 'returned',
            message: `${ended}: it has returned ${previewValue(readHandle(outcome.value))}, which is not used`,
          }
        : {
            code: 'late_outcome',
            outcome: 'threw',
            message: `${ended}: it has thrown ${errorLine(outcome.error)}`,
            error: errorRecord(outcome.error),
          };
    record.entryAt(node.idx, attempt, { kind: 'note', body });
  }
}

/** Listeners are the code's own: they run in its scope. */
function abort({ controller, scope }: Attempt, reason: Error): void {
  if (scope === undefined) controller.abort(reason);
  else scope.within(() => controller.abort(reason));
}

/** Did code throw this because its signal was aborted for that reason? */
function answers(thrown: unknown, reason: Error): boolean {
  if (thrown === reason) return true;
  if (isSiderealError(thrown) && isSiderealError(reason)) return thrown.code === reason.code;
  return thrown instanceof Error && thrown.name === 'AbortError';
}
