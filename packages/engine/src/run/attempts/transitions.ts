import { FIRST_ENDED, STATE_CODE } from '@sidereal/core';
import type { Futures } from '../futures/futures.ts';
import { slimWork } from '../futures/slim-work.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop, StateChange } from '../loop/run-loop.ts';
import type { Completions } from '../nodes/completion.ts';
import { markSettled, tellEnded } from '../nodes/ended.ts';
import { RECOMPUTED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { ResumeIndex } from '../record/resume-index.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Values } from '../values/values.ts';
import type { AttemptEnds } from './attempt-ends.ts';
import type { AttemptTable } from './attempt-table.ts';
import type { Attempts } from './attempts.ts';
import { endError, upstreamMessage } from './explain-end.ts';

export interface TransitionParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly resume: ResumeIndex | undefined;
  readonly values: Values;
  readonly futures: Futures;
  readonly deadlines: Deadlines<RunNode>;
  readonly table: AttemptTable;
  readonly attempts: Attempts;
  readonly ends: AttemptEnds;
  readonly completions: Completions;
  /** Told of every node that has ended, before those who wait for it. */
  readonly onEnded: (node: RunNode) => void;
}

/** Does what a transition of the scheduler asks for: records it, then begins, stops or ends the attempt. */
export class Transitions {
  readonly #parts: TransitionParts;

  constructor(parts: TransitionParts) {
    this.#parts = parts;
  }

  perform(node: RunNode, { from, to, reason, message }: StateChange): void {
    const { loop, record, resume, attempts, ends } = this.#parts;
    const text = to === STATE_CODE.upstream_failed ? upstreamMessage(loop, node, message) : message;
    if (to >= FIRST_ENDED) this.#explain(node, { from, to, reason, message: text });
    // One that did not come to its end may not have come to what it would still call.
    if (resume !== undefined && node.parent === undefined && to === STATE_CODE.completed)
      record.removed(resume);
    record.moved(node, from, to, reason, text);
    if (to >= FIRST_ENDED) this.#settle(node);
    else if (to === STATE_CODE.running || to === STATE_CODE.retrying) attempts.begin(node);
    else if (to === STATE_CODE.cancelling) ends.stop(node, text);
  }

  /** Gives a node that ended without an error of its own the error that awaiting it rejects with. */
  #explain(node: RunNode, { to, reason, message }: Omit<StateChange, 'op' | 'id'>): void {
    const error = endError(this.#parts.loop, node, to, reason, message);
    if (error === undefined) return;
    if (reason === 'unhandled_failure') this.#parts.record.error(node, error);
    node.error = error;
  }

  #settle(node: RunNode): void {
    const { loop, values, futures, deadlines, table, completions, onEnded } = this.#parts;
    const attempt = table.end(node);
    deadlines.clear(node);
    node.token += 1;
    if (!node.has(RECOMPUTED)) node.completion = completions.next();
    if (node.work.type === 'container') node.work.ended?.(node);
    markSettled(node);
    values.came(node);
    onEnded(node);
    slimWork(node, loop.scheduler.hasSucceeded(node.id));
    tellEnded(node);
    // Its code is over: the futures that it got are out of reach.
    for (const held of attempt?.takeHeld() ?? []) futures.release(held);
  }
}
