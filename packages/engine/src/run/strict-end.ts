import { STATE_CODE, type AttemptOutcome, type ReasonName } from '@sidereal/core';
import type { FlowRun } from './flow-run.ts';
import type { RunNode } from './run-node.ts';

/** Is this the end of a strict task: something that must be known to have happened, or not, whatever comes? */
export function isStrictEnd({ options, work }: RunNode, outcome: AttemptOutcome): boolean {
  return options.strict && work.type === 'task' && outcome.type !== 'retry';
}

/**
 * Records how a strict task ends, on stable storage, before anybody sees it: its children have ended by then.
 * The scheduler, told afterwards, comes to the same end, unless the task was asked to stop meanwhile.
 */
export async function recordStrictEnd(run: FlowRun, node: RunNode, outcome: AttemptOutcome): Promise<void> {
  const { scheduler } = run;
  if (outcome.type !== 'completed') scheduler.cancelChildren(node.id, 'parent_ended', 'its parent has ended');
  run.pump();
  await run.waiting.childrenEnded(node);
  // A failure that it has left behind is its own: the scheduler says so.
  if (outcome.type === 'completed' && scheduler.unhandledOf(node.id) > 0) return;
  run.recordEnd(node, STATE_CODE[endOf(outcome)], reasonOf(outcome), messageOf(outcome));
  await run.recorder.flush(true);
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
