import type { RunnerChoice } from '../../runners/choice.ts';
import type { RunnerName } from '../../runners/runner.ts';

/** The slots that tasks of a run share, as far as a stage must know them. */
export interface Pools {
  /** Pool of the runner of this choice. */
  readonly poolOf: (choice: RunnerChoice) => number;
  /** Pools of at most `concurrency` slots within those that `above` gives. */
  narrower(above: (choice: RunnerChoice) => number, concurrency: number): (choice: RunnerChoice) => number;
  /** The choice for a task that names a runner which its flow does not use. */
  defaultChoice(on: RunnerName): RunnerChoice;
}
