import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';

/** The slots that tasks of a run share, as far as a stage must know them. */
export interface Pools {
  /** Pool of the runner of this choice. */
  readonly poolOf: (choice: RunnerChoice) => number;
  /** Pools of at most `concurrency` slots within those that `above` gives. */
  narrower(above: (choice: RunnerChoice) => number, concurrency: number): (choice: RunnerChoice) => number;
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
