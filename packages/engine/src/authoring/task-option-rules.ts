/** Which options a task, a call of a task and a call of a stage take, and what each accepts. */
import { durationMs, isDuration, NO_RETRY, TRIGGER_RULES } from '@sidereal/core';
import {
  DURATION,
  FLAG,
  FUNCTION,
  FUTURES,
  LINES,
  numberOr,
  numberThat,
  objectOf,
  oneOf,
  PRIORITY,
  SIZE,
  TEXT,
  wholeFrom,
  type OptionConflict,
  type OptionRule,
  type OptionTable,
  type RulesFor,
} from '../options/option-rule.ts';
import type { CallOptions, StageCallOptions } from './call-options.ts';
import type { FlowOptions } from '../definitions/flow-definition.ts';
import { RUNNER_NAME } from './runner-rules.ts';
import type { RetryOptions, TaskOptions } from '../definitions/task-definition.ts';

const RETRY_RULES: RulesFor<RetryOptions> = {
  limit: wholeFrom(0),
  delay: DURATION,
  factor: numberThat('a number above 0', (factor) => factor > 0 && Number.isFinite(factor)),
  maxDelay: DURATION,
  jitter: numberThat('a number in 0..1', (jitter) => jitter >= 0 && jitter <= 1),
  retryIf: FUNCTION,
};

export const RETRIES: OptionRule = numberOr(wholeFrom(0), {
  rules: RETRY_RULES,
  required: ['limit'],
  conflict: delayConflict,
});

/** A wait that its own upper bound would cut short is not the wait that was asked for. */
function delayConflict({ delay, maxDelay }: Readonly<Record<string, unknown>>): OptionConflict | undefined {
  if (!isDuration(delay)) return undefined;
  const isDefault = !isDuration(maxDelay);
  const longestMs = isDefault ? NO_RETRY.maxDelayMs : durationMs(maxDelay);
  if (durationMs(delay) <= longestMs) return undefined;
  const text = typeof delay === 'number' ? String(delay) : `'${delay}'`;
  return {
    option: 'delay',
    problem: `is ${text}, longer than maxDelay, which is ${isDefault ? '1h unless it is given' : String(maxDelay)}`,
    remedy: `Give a maxDelay that is at least as long: { delay: ${text}, maxDelay: ${text} }.`,
  };
}

/** Names of resources are the flow's: whether there is such a one is known when the task is called. */
const RESOURCES: OptionRule = {
  ...objectOf({
    rules: { memory: SIZE },
    others: { ...wholeFrom(0), accepts: 'a whole number, 0 or more; only memory is a size' },
  }),
  accepts: "an object of amounts: { memory: '200MiB', gpu: 1 }",
};

/** What a task may say wherever its options stand: at its definition, at a call, as a default of a flow. */
const SHARED: RulesFor<NonNullable<FlowOptions['taskDefaults']>> = {
  on: RUNNER_NAME,
  retries: RETRIES,
  timeout: DURATION,
  resources: RESOURCES,
  persist: FLAG,
  durability: oneOf('normal', 'strict'),
  onUnknown: oneOf('fail', 'rerun'),
  priority: PRIORITY,
  tags: LINES,
};

const WHEN = oneOf(...TRIGGER_RULES);

const OWN_RULES: RulesFor<Omit<TaskOptions, 'name'>> = {
  ...SHARED,
  when: WHEN,
  arrays: oneOf('own', 'borrow'),
  identity: TEXT,
};
const TASK_RULES: RulesFor<TaskOptions> = { name: TEXT, ...OWN_RULES };
const CALL_RULES: RulesFor<CallOptions> = { ...OWN_RULES, key: TEXT, after: FUTURES };
const STAGE_CALL_RULES: RulesFor<StageCallOptions> = {
  when: WHEN,
  retries: RETRIES,
  timeout: DURATION,
  priority: PRIORITY,
  tags: LINES,
  key: TEXT,
  after: FUTURES,
};

/** Where `key` and `after` belong, for those who give them at a definition. */
export const AT_A_CALL: Readonly<Record<string, string>> = {
  key: "It belongs to a call: task.with({ key: '…' })(…).",
  after: 'It belongs to a call: task.with({ after: [future] })(…).',
};

/** Where the name of a task or flow belongs, for those who give it at a call. */
const AT_THE_DEFINITION = { name: 'It belongs to the definition: task({ name }, function).' };

export const TASK_OPTIONS: OptionTable = { rules: TASK_RULES, elsewhere: AT_A_CALL };
export const TASK_CALL_OPTIONS: OptionTable = { rules: CALL_RULES, elsewhere: AT_THE_DEFINITION };
export const STAGE_CALL_OPTIONS: OptionTable = {
  rules: STAGE_CALL_RULES,
  elsewhere: {
    ...AT_THE_DEFINITION,
    on: 'Where the tasks of a flow run is said by its own `runner`.',
    runner: 'It belongs to the definition: flow({ runner: threads() }, …).',
  },
};
export const TASK_DEFAULTS: OptionTable = { rules: SHARED };
