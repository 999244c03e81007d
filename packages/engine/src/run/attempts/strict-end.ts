import { STATE_CODE, type AttemptOutcome, type ReasonName } from '@sidereal/core';
import type { Waiting } from '../futures/waiting.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunRecord } from '../record/run-record.ts';

/** Is this the end of a strict task: something that must be known to have happened, or not, whatever comes? */
export function isStrictEnd({ options, kind }: RunNode, outcome: AttemptOutcome): boolean {
  return options.strict && kind === 'task' && outcome.type !== 'retry';
}

/**
 * Records how strict tasks end, on stable storage, before anybody sees it: their children have ended by then.
 * The scheduler, told afterwards, comes to the same end, unless the task was asked to stop meanwhile.
 */
export class StrictEnds {
  readonly #loop: RunLoop;
  readonly #record: RunRecord;
  readonly #waiting: Waiting;

  constructor(parts: Readonly<{ loop: RunLoop; record: RunRecord; waiting: Waiting }>) {
    this.#loop = parts.loop;
    this.#record = parts.record;
    this.#waiting = parts.waiting;
  }

  async record(node: RunNode, outcome: AttemptOutcome): Promise<void> {
    const { scheduler } = this.#loop;
    if (outcome.type !== 'completed')
      scheduler.cancelChildren(node.id, 'parent_ended', 'its parent has ended');
    this.#loop.pump();
    await this.#waiting.childrenEnded(node);
    // A failure that it has left behind is its own: the scheduler says so.
    if (outcome.type === 'completed' && scheduler.unhandledOf(node.id) > 0) return;
    this.#record.endAhead(node, STATE_CODE[endOf(outcome)], reasonOf(outcome), messageOf(outcome));
    await this.#record.flush(true);
  }
}

function endOf({ type }: AttemptOutcome): 'completed' | 'skipped' | 'failed' | 'crashed' | 'cancelled' {
  return type === 'retry' ? 'failed' : type;
}

function reasonOf(outcome: AttemptOutcome): ReasonName {
  if ('reason' in outcome) return outcome.reason;
  return outcome.type === 'completed' ? '' : outcome.type;
}

function messageOf(outcome: AttemptOutcome): string {
  return 'message' in outcome ? outcome.message : '';
}
