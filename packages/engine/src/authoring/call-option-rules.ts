/** Which options `map`, `reduce` and `loop` take, and what each accepts. */
import {
  ANYTHING,
  FLAG,
  FUNCTION,
  wholeFrom,
  type OptionTable,
  type RulesFor,
} from '../options/option-rule.ts';
import type { LoopOptions } from '../context/scope.ts';
import type { MapOptions, ReduceOptions } from './call-options.ts';

const MAP_RULES: RulesFor<MapOptions<unknown>> = { key: FUNCTION, failFast: FLAG };
const REDUCE_RULES: RulesFor<ReduceOptions<unknown>> = { arity: wholeFrom(2), initial: ANYTHING };
const LOOP_RULES: RulesFor<LoopOptions> = { max: wholeFrom(1) };

/** Options of the runs themselves are those of `with`. */
const WITH = 'It belongs to the runs: task.with({ … }).map(…).';

export const MAP_OPTIONS: OptionTable = {
  rules: MAP_RULES,
  elsewhere: { after: WITH, on: WITH, priority: WITH, retries: WITH, tags: WITH, timeout: WITH, when: WITH },
};
export const REDUCE_OPTIONS: OptionTable = {
  rules: REDUCE_RULES,
  elsewhere: { after: 'It belongs to the task: reduce(task.with({ after: [future] }), …).' },
};
export const LOOP_OPTIONS: OptionTable = { rules: LOOP_RULES, required: ['max'] };
