/** What options that name a runner accept: every kind that is registered when they are read. */
import { choiceProblem, nameProblem, runnerNames } from '../runners/built-in/built-in.ts';
import { isRecord, type OptionRule } from '../options/option-rule.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';

export const RUNNER_NAME: OptionRule = {
  get accepts() {
    return `${names()}, or the name of a kind of runner that a module has registered before`;
  },
  isValid: (value) => typeof value === 'string' && nameProblem(value) === undefined,
  problemOf: (value) => (typeof value === 'string' ? nameProblem(value) : undefined),
};

export const RUNNER_CHOICE: OptionRule = {
  get accepts() {
    return `a runner of a size of at least 1, such as threads(4) or inline(); of a kind that is registered: ${names()}`;
  },
  isValid: (value) => isChoice(value) && choiceProblem(value) === undefined,
  problemOf: (value) => (isChoice(value) ? choiceProblem(value) : undefined),
};

function isChoice(value: unknown): value is RunnerChoice {
  return isRecord(value) && typeof value['runner'] === 'string';
}

function names(): string {
  return runnerNames()
    .map((name) => `'${name}'`)
    .join(', ');
}
