import { countedTaskRuns } from './counted-task-runs.ts';
import type { Planned } from './measurement.ts';
import type { Measured } from './outcome.ts';

/** How far a sum of ones may be from n, for systems that add in another order. */
const TOLERANCE = 1e-6;

/** What is wrong with an outcome; undefined if it did what was asked. */
export function faultOf({ asked }: Planned, outcome: Measured): string | undefined {
  const { tasksExecuted, tasksCached, check, tWorkflow, tSumTaskTimes } = outcome;
  const expected = countedTaskRuns(asked);
  if (tasksCached !== 0)
    return `${tasksCached} task runs took their result from a cache: nothing was measured`;
  if (tasksExecuted !== expected) return `${tasksExecuted} task runs were executed, not ${expected}`;
  if (!(tWorkflow > 0)) return `the workflow took ${tWorkflow} s`;
  if (check !== undefined && !(Math.abs(check - asked.n) <= TOLERANCE * asked.n))
    return `the result is ${check}, not ${asked.n}`;
  if (asked.row !== 'tree') return undefined;
  if (check === undefined) return 'the result was not told';
  return tSumTaskTimes !== undefined && tSumTaskTimes > 0
    ? undefined
    : `the times inside the tasks add up to ${tSumTaskTimes} s`;
}
