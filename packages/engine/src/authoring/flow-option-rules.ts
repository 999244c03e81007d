/** Which options a flow takes, and what each accepts. */
import {
  DURATION,
  FLAG,
  isRecord,
  LINES,
  objectOf,
  SIZE,
  TEXT,
  wholeFrom,
  type OptionRule,
  type OptionTable,
  type RulesFor,
} from '../options/option-rule.ts';
import { RUNNER_CHOICE } from './runner-rules.ts';
import type { FlowOptions } from '../definitions/flow-definition.ts';
import { isFutureField, isStandardSchema } from '../definitions/flow-schema.ts';
import { AT_A_CALL, RETRIES, TASK_DEFAULTS } from './task-option-rules.ts';

const INPUT: OptionRule = {
  accepts: 'a Standard Schema such as z.object({ … }), or an object of such schemas and future()',
  isValid: (value) => isSchema(value) || (isRecord(value) && Object.values(value).every(isField)),
};

const RESOURCES: OptionRule = {
  ...objectOf({
    rules: {},
    others: wholeFrom(0),
    elsewhere: { memory: "It is an option of the flow itself: flow({ memory: '2GiB' }, …)." },
  }),
  accepts: 'an object of amounts: { gpu: 2 }',
};

const FLOW_RULES: RulesFor<FlowOptions> = {
  name: TEXT,
  input: INPUT,
  runner: RUNNER_CHOICE,
  concurrency: wholeFrom(1),
  memory: SIZE,
  resources: RESOURCES,
  retries: RETRIES,
  timeout: DURATION,
  persist: FLAG,
  tags: LINES,
  version: TEXT,
  identity: TEXT,
  taskDefaults: objectOf(TASK_DEFAULTS),
};

export const FLOW_OPTIONS: OptionTable = {
  rules: FLOW_RULES,
  elsewhere: {
    ...AT_A_CALL,
    on: 'Where its tasks run is said by `runner: threads()` or `inline()`.',
  },
};

/** Schemas are objects or, with some libraries, functions. */
function isSchema(value: unknown): boolean {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') && isStandardSchema(value)
  );
}

function isField(value: unknown): boolean {
  return isSchema(value) || (isRecord(value) && isFutureField(value));
}
