import { byteSize, durationMs, isSiderealError, SiderealError, TRIGGER_RULES } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import { choiceProblem, nameProblem } from '../runners/built-in/built-in.ts';
import type { RunnerProblem } from '../runners/runner-kinds.ts';
import type { FlowOptions } from './flow-definition.ts';
import type { RetryOptions, TaskOptions } from './task-definition.ts';

/** Largest priority, either way. */
const MAX_PRIORITY = 2 ** 31 - 1;

/** Throws `INVALID_OPTION`, with the user's line, for options of a task or stage that make no sense. */
export function checkTaskOptions(name: string, options: TaskOptions): void {
  const { on, when, retries, timeout, resources, priority, tags } = options;
  const check = checker(`task '${name}'`);
  if (on !== undefined) check.problem('on', nameProblem(on));
  if (when !== undefined)
    check('when', TRIGGER_RULES.includes(when), when, `one of ${TRIGGER_RULES.join(', ')}`);
  if (priority !== undefined) {
    const isWhole = Number.isInteger(priority) && Math.abs(priority) <= MAX_PRIORITY;
    check('priority', isWhole, priority, 'a whole number');
  }
  if (tags !== undefined) {
    const areLines = tags.every((tag) => tag !== '' && !tag.includes('\n'));
    check('tags', areLines, tags, 'texts of one line');
  }
  checkRetries(check, retries);
  check.parse('timeout', () => timeout !== undefined && durationMs(timeout));
  check.parse('resources.memory', () => resources?.memory !== undefined && byteSize(resources.memory));
}

/** The same for a flow. */
export function checkFlowOptions(name: string, options: FlowOptions): void {
  const { concurrency, runner, retries, timeout, memory, taskDefaults } = options;
  const check = checker(`flow '${name}'`);
  if (concurrency !== undefined) {
    check('concurrency', Number.isInteger(concurrency) && concurrency > 0, concurrency, 'at least 1');
  }
  if (runner !== undefined) check.problem('runner', choiceProblem(runner));
  checkRetries(check, retries);
  check.parse('timeout', () => timeout !== undefined && durationMs(timeout));
  check.parse('memory', () => memory !== undefined && byteSize(memory));
  if (taskDefaults !== undefined) checkTaskOptions(`${name}, taskDefaults`, taskDefaults);
}

interface Checker {
  readonly problem: (option: string, problem: RunnerProblem | undefined) => void;
  (option: string, isValid: boolean, value: unknown, wanted: string): void;
  /** What reading the option's value throws becomes an error with the user's line. */
  readonly parse: (option: string, read: () => unknown) => void;
}

function checkRetries(check: Checker, retries: number | RetryOptions | undefined): void {
  if (retries === undefined) return;
  const policy: RetryOptions = typeof retries === 'number' ? { limit: retries } : retries;
  const { limit, delay, factor, maxDelay, jitter } = policy;
  check('retries', Number.isInteger(limit) && limit >= 0, limit, 'a whole number, 0 or more');
  if (factor !== undefined) check('retries.factor', factor > 0, factor, 'more than 0');
  if (jitter !== undefined) check('retries.jitter', jitter >= 0 && jitter <= 1, jitter, 'in 0..1');
  check.parse('retries.delay', () => delay !== undefined && durationMs(delay));
  check.parse('retries.maxDelay', () => maxDelay !== undefined && durationMs(maxDelay));
}

function checker(what: string): Checker {
  const check = (option: string, isValid: boolean, value: unknown, wanted: string): void => {
    if (isValid) return;
    throw new SiderealError('INVALID_OPTION', `${option} of ${what} is ${String(value)}`, {
      at: userCallSite()?.at,
      remedy: `It must be ${wanted}.`,
    });
  };
  const parse = (option: string, read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      if (!isSiderealError(error)) throw error;
      throw new SiderealError('INVALID_OPTION', `${option} of ${what}: ${error.message}`, {
        at: userCallSite()?.at,
        remedy: error.remedy,
        cause: error,
      });
    }
  };
  const problem = (option: string, found: RunnerProblem | undefined): void => {
    if (found !== undefined) check(option, false, found.value, found.wanted);
  };
  return Object.assign(check, { parse, problem });
}
