/** What an execution of a run does with what earlier ones recorded: the verb, and what was asked for besides. */
export interface ReuseRules {
  /** Run again what failed, crashed, was cancelled or lacked its upstream; else recorded failures stay. */
  readonly retryFailed: boolean;
  /** Run again these stages (by name), and everything that consumes what they give. */
  readonly from: readonly string[];
  /** The same of these nodes, by their numbers in the journal. */
  readonly tasks: readonly number[];
  /** Run again tasks whose code has changed since. */
  readonly rerunChanged: boolean;
  /** Run everything again. */
  readonly all: boolean;
}

export const RESUME: ReuseRules = {
  retryFailed: false,
  from: [],
  tasks: [],
  rerunChanged: false,
  all: false,
};

/** Does order without data count? Where work is chosen to run again, what comes after it does, too. */
export function countsOrder({ retryFailed, from, tasks, rerunChanged }: ReuseRules): boolean {
  return retryFailed || from.length > 0 || tasks.length > 0 || rerunChanged;
}
