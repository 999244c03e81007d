import type { Claims } from '@sidereal/core';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';

/**
 * Where tasks take their slots, on one runner. What a runner holds bounds those that compute; where a flow's
 * `concurrency` says more, only that bounds those that overlap, and both together.
 */
export interface TaskPools {
  readonly computing: number;
  /** The same one, unless a flow allows for more than the runner holds. */
  readonly overlapping: number;
}

/** What tasks of a run share, as far as a stage must know it: slots, named resources, memory. */
export interface Pools {
  readonly claims: Claims;
  /** Bytes. */
  readonly memoryBudget: number;
  /** Pools of the runner of this choice. */
  readonly poolsOf: (choice: RunnerChoice) => TaskPools;
  /** Pools of at most `concurrency` slots within those that `above` gives. */
  narrower(
    above: (choice: RunnerChoice) => TaskPools,
    concurrency: number,
  ): (choice: RunnerChoice) => TaskPools;
  /** Do runs of this task overlap, as far as the runner of these pools knows? */
  overlaps(pools: TaskPools, task: TaskDefinition): boolean;
  /** Why the runner of this choice cannot execute a task with these arguments; undefined if it can. */
  refusal(
    choice: RunnerChoice,
    task: TaskDefinition,
    args: readonly unknown[],
    at: () => string | undefined,
  ): Error | undefined;
  /** The choice for a task that names a kind of runner which its flow does not use. */
  defaultChoice(on: string): RunnerChoice;
}
